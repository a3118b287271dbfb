/** Faults made on purpose, so that one can see what a server does with them. */
import type { Random } from '../../shared/random.ts'
import { happens, pick } from './chance.ts'
import type { Counts } from './stats.ts'

export interface FaultOptions {
  /** Of the messages, how many are preceded by a broken copy; the message itself still comes. 0 to 1 */
  malformedShare: number
  /** Of the messages, how many are sent twice. 0 to 1 */
  duplicateShare: number
  /** Of the vehicles, how many have a wrong clock, and by how much. */
  wrongClockShare: number
  wrongClockMs: number
  /** Whether coverage is lost at times, in tunnels too. */
  outages: boolean
}

export const noFaults: FaultOptions = {
  malformedShare: 0,
  duplicateShare: 0,
  wrongClockShare: 0,
  wrongClockMs: 0,
  outages: true,
}

export interface SendingFaults {
  /** What goes out before a message. */
  before(payload: string, publish: (payload: string) => void): void
}

const breakages: ((payload: string) => string)[] = [
  payload => payload.slice(0, -5),
  () => 'not json',
  () => '[]',
  payload => payload.replace(/"vehicle":"[^"]*"/, '"vehicle":"vehicle_99999"'),
  payload => payload.replace(/"seq":\d+/, '"seq":"one"'),
  payload => payload.replace(/"sent":\d+/, '"sent":-1'),
]

export function createSendingFaults(options: FaultOptions, counts: Counts, random: Random): SendingFaults {
  const { malformedShare, duplicateShare } = options
  return {
    before(payload, publish) {
      if (malformedShare > 0 && happens(random, malformedShare)) {
        counts.malformed++
        publish(pick(random, breakages)(payload))
      }
      if (duplicateShare > 0 && happens(random, duplicateShare)) {
        counts.duplicates++
        publish(payload)
      }
    },
  }
}
