/** The one place where an update changes its state: the row, its history and what is told of it together. */
import type { UpdateReason, UpdateState } from '../../vehicle/update-states.ts'
import type { Campaign, Update } from './schema.ts'
import { isAllowed, isFinal, isTimed, outcomeOf } from './transitions.ts'
import type { Assigned } from './update-store.ts'
import { SERVER, type Work } from './work.ts'

export interface Step {
  to: UpdateState
  reason?: UpdateReason | null
  /** `vehicle`, `server`, or who presented: a person has the server act. */
  actor?: string
  /** When the next thing is due, Unix ms; else the timeout of the state. */
  dueAt?: number
}

/**
 * Takes an update to another state.
 * @throws Error for a way that is not in the table: a fault of ours
 */
export function move(work: Work, campaign: Campaign, { update, vehicle }: Assigned, step: Step): void {
  const { to, reason = null, actor = SERVER, dueAt } = step
  const { store, deciding } = work
  const { state: from } = update
  if (!isAllowed(from, to, actor === 'vehicle' ? 'vehicle' : 'server'))
    throw new Error(`update ${update.updateId} cannot go from ${from} to ${to}`)
  const before = { state: from, outcome: update.outcome, settledRound: update.settledRound }
  update.state = to
  update.reason = reason
  update.blocked = to === 'SCHEDULED' || to === 'WAITING_FOR_PRECONDITIONS' ? reason : null
  update.dueAt = dueAt ?? dueOf(work, campaign, update, from)
  if (from !== to) {
    update.since = deciding.now
    update.progress = null
  }
  settle(update, before, campaign, deciding.now)
  holdVehicle(work, { update, vehicle })
  store.saveUpdate(update)
  store.addTransition({
    updateRow: update.row,
    from,
    to,
    at: deciding.now,
    reason,
    attempt: update.attempt,
    actor,
  })
  deciding.tell({
    kind: 'update_transition',
    vehicle: vehicle.vehicle,
    model: vehicle.model,
    firmware: vehicle.firmware,
    update_id: update.updateId,
    campaign: campaign.id,
    from,
    to,
    reason,
    attempt: update.attempt,
    actor,
  })
}

/** Keeps how an update ended, for the thresholds and the rates. */
function settle(
  update: Update,
  before: Pick<Update, 'state' | 'outcome' | 'settledRound'>,
  { release, round }: Campaign,
  now: number,
): void {
  const { state, reason } = update
  update.outcome = outcomeOf(state, reason)
  update.settledAt = update.outcome === null ? null : now
  const isCorrection = isFinal(before.state) && isFinal(state) && state !== 'SUPERSEDED'
  if (update.outcome === null) update.settledRound = null
  // A former release says nothing about the one that the campaign goes on with.
  else if (!isCorrection) update.settledRound = update.release === release ? round : null
  if (isCorrection) {
    if (before.outcome === 'failed') update.failures--
    if (before.outcome === 'failed' || before.outcome === 'succeeded') update.endings--
  }
  if (state === 'ROLLED_BACK') update.rollbacks++
  // A failure that the vehicle told goes by FAILED before it waits for its retry, and counts once.
  const isFailure = update.outcome === 'failed' || (state === 'RETRY_WAIT' && before.state !== 'FAILED')
  if (isFailure) update.failures++
  if (isFailure || state === 'SUCCEEDED') update.endings++
}

function dueOf(
  { deciding: { now } }: Work,
  { settings, currentWave }: Campaign,
  { state, wave, dueAt }: Assigned['update'],
  from: UpdateState,
): number | null {
  if (state === from) return dueAt
  if (isTimed(state)) return now + settings.timeout_seconds[state] * 1000
  return state === 'SCHEDULED' && wave <= currentWave ? now : null
}

/** A vehicle is in one update at a time: from the offer to its end. */
function holdVehicle({ store }: Work, { update, vehicle }: Assigned): void {
  const { updateId, state } = update
  if (isTimed(state) || state === 'RETRY_WAIT') {
    if (vehicle.activeUpdate !== null) return
    store.setActiveUpdate(vehicle.id, updateId)
    vehicle.activeUpdate = updateId
  } else if ((isFinal(state) || state === 'SCHEDULED') && vehicle.activeUpdate === updateId) {
    store.clearActiveUpdate(vehicle.id, updateId)
    vehicle.activeUpdate = null
  }
}

/** Puts an update back to its beginning with the release that the campaign has now. */
export function reschedule(work: Work, campaign: Campaign, assigned: Assigned, actor: string): void {
  const { update } = assigned
  if (update.outcome === 'succeeded' || update.state === 'ALREADY_INSTALLED')
    move(work, campaign, assigned, { to: 'SUPERSEDED', reason: 'superseded', actor })
  update.release = campaign.release
  update.downloadFailures = 0
  update.installFailures = 0
  move(work, campaign, assigned, { to: 'SCHEDULED', actor })
}

/** What was installing a former release when the campaign went on with another begins anew with that. */
export function beginAnew(work: Work, campaign: Campaign, assigned: Assigned): void {
  const { release, state } = assigned.update
  const goesOn = campaign.state === 'running' || campaign.state === 'paused'
  if (release === campaign.release || !goesOn) return
  if (state === 'SUCCEEDED' || state === 'FAILED' || state === 'ROLLED_BACK')
    reschedule(work, campaign, assigned, SERVER)
}
