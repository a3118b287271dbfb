/** The vehicle without its line to the server: it drives, its network changes, it finds trouble. */
import type { Random } from '../../shared/random.ts'
import type { ConnectivityType } from '../../vehicle/equipment.ts'
import type { Dtc } from '../../vehicle/messages.ts'
import type { SignalValues } from '../../vehicle/signals.ts'
import { freshConnectivity, stepConnectivity } from './connectivity.ts'
import { dtcsOf, noDiagnostics, stepDiagnostics } from './diagnostics.ts'
import type { Identity } from './identity.ts'
import { freshState, step, type VehicleState } from './physics.ts'
import { signalsOf } from './sample.ts'

export interface Body {
  /** @param diagnosing whether the computer runs that finds trouble codes */
  passed(seconds: number, diagnosing: boolean): void
  state(): VehicleState
  change(change: Partial<VehicleState>): void
  signals(): SignalValues
  network(): ConnectivityType
  hasCoverage(): boolean
  /** So much was sent or received. */
  used(mb: number): void
}

export interface BodyOptions {
  identity: Identity
  random: Random
  /** Whether coverage can be lost. */
  outages: boolean
  onDtcs: (dtcs: Dtc[]) => void
}

export function createBody({ identity, random, outages, onDtcs }: BodyOptions): Body {
  let state = freshState(identity, random)
  let connectivity = freshConnectivity(random)
  let diagnostics = noDiagnostics

  function diagnose(seconds: number) {
    const next = stepDiagnostics(diagnostics, { seconds, trips: state.trips, parked: state.parked }, random)
    if (next === diagnostics) return
    const [before, after] = [dtcsOf(diagnostics), dtcsOf(next)]
    diagnostics = next
    if (JSON.stringify(before) !== JSON.stringify(after)) onDtcs(after)
  }

  return {
    passed(seconds, diagnosing) {
      state = step(state, seconds, random)
      connectivity = stepConnectivity(connectivity, seconds, random, outages)
      if (diagnosing) diagnose(seconds)
    },
    state: () => state,
    change(change) {
      state = { ...state, ...change }
    },
    signals: () => signalsOf(state, connectivity),
    network: () => connectivity.type,
    hasCoverage: () => !outages || !(connectivity.outage || state.tunnel),
    used(mb) {
      connectivity = { ...connectivity, dataUsageMb: connectivity.dataUsageMb + mb }
    },
  }
}
