/** What the update agent of a vehicle knows, what happens to it, and what it wants done. */
import type { Ecu, HardwareRevision } from '../../vehicle/equipment.ts'
import type { UpdateReason, VehicleReportedState } from '../../vehicle/update-states.ts'
import type { Offer, Plan } from './agent-plan.ts'
import type { UpdateStatus } from './outbox.ts'

export interface Agent {
  hardware: HardwareRevision
  firmware: string
  releaseCounter: number
  slot: 'a' | 'b'
  ecus: Ecu[]
  /** The update it is in, or was in last. */
  update: Update | null
}

export interface Update {
  offer: Offer
  plan: Plan
  state: VehicleReportedState
  reason?: UpdateReason
  progress?: number
  /** Of the state it is in, simulated seconds; unused where something else ends the state. */
  leftSeconds: number
  downloadedMb: number
  /** It hangs, and waits for the watchdog to boot it. */
  silent: boolean
  /** The computer is off between two boots. */
  rebooting: boolean
  /** It came when it was too late to turn back. */
  next: { offer: Offer; plan: Plan; signed: boolean } | null
}

/** What the vehicle is like, as far as updates care. */
export interface Conditions {
  parked: boolean
  batteryPercent: number
  lowVoltageVolts: number
  connected: boolean
  downloadMbPerSecond: number
}

export type AgentEvent =
  | { kind: 'offer'; offer: Offer; plan: Plan; signed: boolean }
  | { kind: 'cancel'; updateId: string; attempt: number }
  | { kind: 'passed'; seconds: number; conditions: Conditions }
  /** The computer has booted, after a reboot of the agent or by the watchdog. */
  | { kind: 'booted' }

export type Effect =
  | { kind: 'status'; status: UpdateStatus }
  /** The software that runs was exchanged: the state is to be told. */
  | { kind: 'committed' }
  /** Off, and on again after so many seconds, as another boot. */
  | { kind: 'reboot'; seconds: number }
  | { kind: 'downloaded'; mb: number }

export type Outcome = { agent: Agent; effects: Effect[] }

const finals: readonly VehicleReportedState[] = [
  'SUCCEEDED',
  'ROLLED_BACK',
  'FAILED_INCONSISTENT',
  'FAILED',
  'REJECTED',
  'CANCELED',
  'ALREADY_INSTALLED',
]
export const isFinal = (state: VehicleReportedState): boolean => finals.includes(state)

/** From here on it can only go to its end. */
const tooLate: readonly VehicleReportedState[] = ['INSTALLING', 'ACTIVATING', 'VERIFYING', 'ROLLING_BACK']
export const isPastTurning = ({ state }: Update): boolean => tooLate.includes(state)
/** Whether the vehicle has to stand still for it. */
export const holdsVehicle = ({ update }: Agent): boolean => update !== null && isPastTurning(update)
/** Whether time passing can change anything. */
export const isActive = ({ update }: Agent): boolean => update !== null && !isFinal(update.state)

/** What runs now, as it is told with every final state. */
export const runs = ({ firmware, releaseCounter, slot }: Agent) => ({
  firmware,
  release_counter: releaseCounter,
  slot,
})

export function statusOf(agent: Agent, { offer, state, reason, progress }: Update): Effect {
  const status: UpdateStatus = {
    update_id: offer.update_id,
    attempt: offer.attempt,
    state,
    ...(reason && { reason }),
    ...(progress !== undefined && { progress }),
    ...(isFinal(state) && runs(agent)),
  }
  return { kind: 'status', status }
}

/** Into another state, or the same with something new to tell. */
export function into(
  agent: Agent,
  { reason: _reason, progress: _progress, ...update }: Update,
  state: VehicleReportedState,
  told: { reason?: UpdateReason; progress?: number; leftSeconds?: number } = {},
): Outcome {
  const next: Update = { ...update, state, ...told }
  return { agent: { ...agent, update: next }, effects: [statusOf(agent, next)] }
}
