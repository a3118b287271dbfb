/**
 * The update agent of a vehicle. Pure: what it knows, and what happened, make what it knows next and what is to be
 * done. Two slots hold software; the new one goes to the slot that does not run and counts only after a reboot, a
 * self-test and a commit. Until then the vehicle names the old version as its own.
 */
import { compareVersions } from '../../vehicle/release.ts'
import type { UpdateReason } from '../../vehicle/update-states.ts'
import type { Offer } from './agent-plan.ts'
import {
  type Agent,
  type AgentEvent,
  into,
  isFinal,
  isPastTurning,
  type Outcome,
  runs,
  statusOf,
  type Update,
} from './agent-state.ts'
import { advance } from './agent-work.ts'

export function agentStep(agent: Agent, event: AgentEvent): Outcome {
  if (event.kind === 'offer') return offered(agent, event)
  if (event.kind === 'cancel') return canceled(agent, event)
  if (!agent.update || isFinal(agent.update.state)) return { agent, effects: [] }
  const outcome = advance(agent, agent.update, event)
  const { update } = outcome.agent
  if (!update?.next || !isFinal(update.state)) return outcome
  const next = offered(outcome.agent, { kind: 'offer', ...update.next })
  return { agent: next.agent, effects: [...outcome.effects, ...next.effects] }
}

function offered(agent: Agent, event: Extract<AgentEvent, { kind: 'offer' }>): Outcome {
  const { offer } = event
  const { update } = agent
  if (!update) return begin(agent, event)
  const sameUpdate = update.offer.update_id === offer.update_id
  if (sameUpdate && offer.attempt <= update.offer.attempt)
    return { agent, effects: [statusOf(agent, update)] }
  if (isFinal(update.state)) return begin(agent, event)
  if (isPastTurning(update)) {
    const { plan, signed } = event
    const later = { ...update, next: { offer, plan, signed } }
    return { agent: { ...agent, update: later }, effects: [statusOf(agent, update)] }
  }
  const ended = into(agent, update, 'CANCELED', { reason: 'superseded' })
  const begun = begin(ended.agent, event)
  return { agent: begun.agent, effects: [...ended.effects, ...begun.effects] }
}

function begin(agent: Agent, { offer, plan, signed }: Extract<AgentEvent, { kind: 'offer' }>): Outcome {
  const update: Update = {
    offer,
    plan,
    state: 'DOWNLOADING',
    leftSeconds: 0,
    downloadedMb: 0,
    silent: false,
    rebooting: false,
    next: null,
  }
  const refusal = signed ? refusalOf(agent, offer) : 'bad_signature'
  if (refusal === 'already_installed') return into(agent, update, 'ALREADY_INSTALLED')
  if (refusal) return into(agent, update, 'FAILED', { reason: refusal })
  if (!offer.consent_required) return into(agent, update, 'DOWNLOADING', { progress: 0 })
  return into(agent, update, 'WAITING_FOR_CONSENT', { leftSeconds: plan.consentSeconds })
}

function refusalOf({ firmware, releaseCounter, hardware }: Agent, { manifest }: Offer): UpdateReason | null {
  if (manifest.release_counter <= releaseCounter)
    return manifest.version === firmware ? 'already_installed' : 'downgrade'
  if (!manifest.artifacts.some(artifact => artifact.hardware.includes(hardware)))
    return 'incompatible_hardware'
  const { requires_firmware } = manifest
  return requires_firmware && compareVersions(firmware, requires_firmware) < 0 ? 'dependency_unmet' : null
}

function canceled(agent: Agent, event: Extract<AgentEvent, { kind: 'cancel' }>): Outcome {
  const { update } = agent
  const { updateId, attempt } = event
  const next = update?.next?.offer
  if (update && next?.update_id === updateId && next.attempt === attempt) {
    const status = { update_id: updateId, attempt, state: 'CANCELED' as const, ...runs(agent) }
    return { agent: { ...agent, update: { ...update, next: null } }, effects: [{ kind: 'status', status }] }
  }
  if (update?.offer.update_id !== updateId || update.offer.attempt !== attempt) {
    const status = { update_id: updateId, attempt, state: 'FAILED' as const, ...runs(agent) }
    return { agent, effects: [{ kind: 'status', status: { ...status, reason: 'unknown_update' } }] }
  }
  if (isFinal(update.state) || isPastTurning(update)) return { agent, effects: [statusOf(agent, update)] }
  return into(agent, update, 'CANCELED')
}
