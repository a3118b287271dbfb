/** The estate at the broker: who may say what, and who takes it. */
import { estatePassword, sharedFilters } from '../machine/credentials.ts'
import {
  ESTATE_CLIENT,
  FAULT_TOPIC,
  isEstateTopic,
  kindOfTopic,
  mayPublishEstate,
  maySubscribeEstate,
  noticeFilters,
  STAGE_TOPIC,
  sampleFilters,
} from '../machine/topics.ts'
import type { Party } from '../mqtt/broker.ts'
import type { Message } from '../mqtt/link.ts'
import { sameSecret } from '../shared/id.ts'
import { patient } from './ingestion/ingest-link.ts'
import { wait } from './stage-timer.ts'

export interface PartyOptions {
  key: string
  /** Whether samples are taken here. Other processes may take theirs too, where the broker is another's. */
  ingestsHere: boolean
  isRemote: boolean
  takeSamples: (message: Message) => Promise<void>
  takeStage: (payload: Buffer) => void
  takeFault: (payload: Buffer) => Promise<void>
  refused: Party['refused']
}

export function estateParty(options: PartyOptions): Party {
  const { key, ingestsHere, isRemote, takeSamples, takeStage, takeFault, refused } = options
  const samples = isRemote ? sharedFilters(key) : sampleFilters
  const take = isRemote ? patient(takeSamples, wait) : takeSamples
  return {
    name: 'estate',
    filters: [...(ingestsHere ? samples : []), ...noticeFilters],
    owns: isEstateTopic,
    authenticate: (client, password) =>
      ESTATE_CLIENT.test(client) && sameSecret(password, estatePassword(key, client)),
    // Samples that nobody takes here would be acknowledged and lost: their senders keep them.
    mayPublish: (client, topic) =>
      mayPublishEstate(client, topic) && (ingestsHere || kindOfTopic(topic) === null),
    maySubscribe: maySubscribeEstate,
    async receive(message) {
      if (message.topic === STAGE_TOPIC) takeStage(message.payload)
      else if (message.topic === FAULT_TOPIC) await takeFault(message.payload)
      else await take(message)
    },
    refused,
    // Whether the broker is there is told once, by the fleet.
    changed: () => {},
  }
}
