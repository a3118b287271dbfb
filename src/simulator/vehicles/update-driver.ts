/** Lends the update agent its hands: signatures, chance, messages, reboots. */
import type { KeyObject } from 'node:crypto'
import { ecuNames } from '../../vehicle/equipment.ts'
import type { UpdateCommandMessage } from '../../vehicle/messages.ts'
import { isSigned } from '../../vehicle/signing.ts'
import { agentStep } from './agent.ts'
import { planOf } from './agent-plan.ts'
import { type Agent, type AgentEvent, type Conditions, type Effect, isActive } from './agent-state.ts'
import { randomOf } from './chance.ts'
import type { Identity } from './identity.ts'

export interface UpdateDriver {
  agent(): Agent
  told(message: UpdateCommandMessage): void
  passed(seconds: number, conditions: () => Conditions): void
  booted(): void
}

export interface UpdateDriverOptions {
  identity: Identity
  seed: number
  publicKey: KeyObject
  onEffect: (effect: Effect) => void
}

export function createUpdateDriver({
  identity,
  seed,
  publicKey,
  onEffect,
}: UpdateDriverOptions): UpdateDriver {
  const { vehicle, hardware, firmware, releaseCounter } = identity
  const ecus = ecuNames.map(ecu => ({ ecu, hardware, version: firmware }))
  let agent: Agent = { hardware, firmware, releaseCounter, slot: 'a', ecus, update: null }

  function happen(event: AgentEvent) {
    const outcome = agentStep(agent, event)
    agent = outcome.agent
    for (const effect of outcome.effects) onEffect(effect)
  }

  return {
    agent: () => agent,
    told(message) {
      if (message.kind === 'cancel') {
        return happen({ kind: 'cancel', updateId: message.update_id, attempt: message.attempt })
      }
      const random = randomOf(seed, vehicle, message.update_id, message.attempt)
      happen({
        kind: 'offer',
        offer: message,
        plan: planOf(message, hardware, random),
        signed: isSigned(message.manifest, message.signature, publicKey),
      })
    },
    passed(seconds, conditions) {
      if (isActive(agent)) happen({ kind: 'passed', seconds, conditions: conditions() })
    },
    booted: () => happen({ kind: 'booted' }),
  }
}
