/** Which way an update can go, and by whose word. Pure: no I/O, no clock. */
import type { UpdateReason, UpdateState, VehicleReportedState } from '../../vehicle/update-states.ts'

/** The vehicle has the offer and installs nothing yet: it can still be withdrawn. */
export const withdrawableStates = [
  'NOTIFIED',
  'WAITING_FOR_CONSENT',
  'DOWNLOADING',
  'DOWNLOADED',
  'WAITING_FOR_PRECONDITIONS',
] as const satisfies readonly UpdateState[]
/** It installs: only the vehicle ends this. */
export const installingStates = [
  'INSTALLING',
  'ACTIVATING',
  'VERIFYING',
  'ROLLING_BACK',
] as const satisfies readonly UpdateState[]
/** Under way, in the order of the way. Each of these has a timeout. */
export const timedStates = [...withdrawableStates, ...installingStates] as const
export const finalStates = [
  'INELIGIBLE',
  'SUCCEEDED',
  'ROLLED_BACK',
  'FAILED_INCONSISTENT',
  'FAILED',
  'REJECTED',
  'CANCELED',
  'TIMED_OUT',
  'SUPERSEDED',
  'ALREADY_INSTALLED',
] as const satisfies readonly UpdateState[]

export type TimedState = (typeof timedStates)[number]
/** The server acts by the rules or for the presenter. */
export type Mover = 'server' | 'vehicle'

const isOneOf = (states: readonly UpdateState[], state: UpdateState) => states.includes(state)
export const isTimed = (state: UpdateState): state is TimedState => isOneOf(timedStates, state)
export const isWithdrawable = (state: UpdateState): boolean => isOneOf(withdrawableStates, state)
export const isInstalling = (state: UpdateState): boolean => isOneOf(installingStates, state)
export const isFinal = (state: UpdateState): boolean => isOneOf(finalStates, state)

const withdrawn: UpdateState[] = ['RETRY_WAIT', 'TIMED_OUT', 'SCHEDULED', 'CANCELED', 'SUCCEEDED']
const fromTimed = (state: TimedState): UpdateState[] =>
  isWithdrawable(state) ? withdrawn : ['TIMED_OUT', 'SUCCEEDED']

/** A final state is left by the server only to begin anew, or when it learns how an update really ended. */
const byServer: Record<UpdateState, readonly UpdateState[]> = {
  ...(Object.fromEntries(timedStates.map(state => [state, fromTimed(state)])) as Record<
    TimedState,
    UpdateState[]
  >),
  SCHEDULED: ['PRECHECK', 'INELIGIBLE', 'CANCELED', 'SUPERSEDED'],
  PRECHECK: ['SCHEDULED', 'INELIGIBLE', 'NOTIFIED'],
  RETRY_WAIT: ['NOTIFIED', 'INELIGIBLE', 'SCHEDULED', 'CANCELED', 'TIMED_OUT', 'SUCCEEDED'],
  INELIGIBLE: ['SCHEDULED'],
  SUCCEEDED: ['SUPERSEDED'],
  ALREADY_INSTALLED: ['SUPERSEDED'],
  FAILED: ['RETRY_WAIT', 'SCHEDULED', 'SUPERSEDED'],
  ROLLED_BACK: ['SCHEDULED', 'SUPERSEDED'],
  TIMED_OUT: ['SCHEDULED', 'SUPERSEDED', 'SUCCEEDED'],
  SUPERSEDED: ['SCHEDULED'],
  CANCELED: [],
  REJECTED: [],
  FAILED_INCONSISTENT: [],
}

const ends: UpdateState[] = ['SUCCEEDED', 'ROLLED_BACK', 'FAILED_INCONSISTENT']
const laterThan = (state: TimedState) => timedStates.slice(timedStates.indexOf(state) + 1)
const reports = (state: TimedState): UpdateState[] => [
  ...laterThan(state),
  ...ends,
  'FAILED',
  'ALREADY_INSTALLED',
  ...(isWithdrawable(state) ? (['REJECTED', 'CANCELED'] as const) : []),
  ...(state === 'WAITING_FOR_PRECONDITIONS' ? ([state] as const) : []),
]

/** What the vehicle says: forward, over what was lost. What came too late to be stopped is the truth all the same. */
const byVehicle: Partial<Record<UpdateState, readonly UpdateState[]>> = {
  ...(Object.fromEntries(timedStates.map(state => [state, reports(state)])) as Record<
    TimedState,
    UpdateState[]
  >),
  SCHEDULED: [...installingStates, ...ends],
  RETRY_WAIT: [...installingStates, ...ends],
  TIMED_OUT: ends,
  CANCELED: ends,
  SUCCEEDED: ['ROLLED_BACK', 'FAILED_INCONSISTENT'],
}

export const isAllowed = (from: UpdateState, to: UpdateState, mover: Mover): boolean =>
  ((mover === 'server' ? byServer : byVehicle)[from] ?? []).includes(to)

export type UpdateOutcome = 'succeeded' | 'failed' | 'neutral'

const failures: readonly UpdateState[] = ['FAILED', 'ROLLED_BACK', 'FAILED_INCONSISTENT']
const silences: readonly (UpdateReason | null)[] = ['no_answer', 'timeout', null]

/**
 * How a state counts for the thresholds; null: it is not an end. What only waited too long for the driver or the
 * car (its timeout keeps that reason) was blocked, and blocked is not failed.
 */
export function outcomeOf(state: UpdateState, reason: UpdateReason | null): UpdateOutcome | null {
  if (!isFinal(state)) return null
  if (state === 'SUCCEEDED') return 'succeeded'
  if (failures.includes(state) || (state === 'TIMED_OUT' && silences.includes(reason))) return 'failed'
  return 'neutral'
}

/** Why a status of a vehicle changed nothing. A closed set: it is a label of a metric. */
export const ignoredReasons = [
  'unknown_update',
  'other_attempt',
  'attempt_ended',
  'out_of_order',
  'duplicate',
  'not_proven',
] as const
export type IgnoredReason = (typeof ignoredReasons)[number]

/** Where an update stands. */
export interface Standing {
  state: UpdateState
  reason: UpdateReason | null
  attempt: number
  /** The vehicle told how this attempt ended. */
  attemptEnded: boolean
  progress: number | null
}
/** What the vehicle says about it. */
export interface Report {
  state: VehicleReportedState
  reason: UpdateReason | null
  attempt: number
  progress: number | null
  /** Whether what runs in the vehicle is the release. */
  runsRelease: boolean
}
export type Judgement =
  | { kind: 'move'; to: UpdateState; reason: UpdateReason | null }
  | { kind: 'progress' }
  | { kind: 'ignored'; why: IgnoredReason }

const ignored = (why: IgnoredReason): Judgement => ({ kind: 'ignored', why })

/** What becomes of a report. */
export function judgeReport(standing: Standing, report: Report): Judgement {
  const { state: from } = standing
  if (report.attempt !== standing.attempt || report.attempt === 0) return ignored('other_attempt')
  if (standing.attemptEnded) return ignored(report.state === from ? 'duplicate' : 'attempt_ended')
  // It was installing and has it now: the word of its success was lost.
  const isLostSuccess = report.state === 'ALREADY_INSTALLED' && isInstalling(from)
  const to = isLostSuccess ? 'SUCCEEDED' : report.state
  if (to === from && !(to === 'WAITING_FOR_PRECONDITIONS' && report.reason !== standing.reason))
    return isTimed(from) && (report.progress ?? 0) > (standing.progress ?? 0)
      ? { kind: 'progress' }
      : ignored('duplicate')
  if (!isAllowed(from, to, 'vehicle')) return ignored(isFinal(from) ? 'attempt_ended' : 'out_of_order')
  if (to === 'SUCCEEDED' && !report.runsRelease) return ignored('not_proven')
  return { kind: 'move', to, reason: isLostSuccess ? null : report.reason }
}
