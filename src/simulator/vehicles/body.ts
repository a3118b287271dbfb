/** The vehicle without its line to the server: it drives, its network changes, it finds trouble. */
import type { Random } from '../../shared/random.ts'
import type { ConnectivityType } from '../../vehicle/equipment.ts'
import type { Dtc } from '../../vehicle/messages.ts'
import type { SignalValues } from '../../vehicle/signals.ts'
import { type CoverageOdds, freshConnectivity, stepConnectivity } from './connectivity.ts'
import { type Defect, dtcsOf, noDiagnostics, stepDefect, stepDiagnostics } from './diagnostics.ts'
import type { Identity } from './identity.ts'
import { freshState, step, type VehicleState } from './physics.ts'
import { signalsOf } from './sample.ts'

export interface Body {
  /** @param firmware that runs and finds trouble codes; null: the computer is off */
  passed(seconds: number, firmware: string | null): void
  dtcs(): Dtc[]
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
  /** How often; left out: as usual. */
  coverage?: CoverageOdds | undefined
  /** Its way is computed in pieces of so many seconds; left out: as usual. */
  pieceSeconds?: number | undefined
  /** What a firmware of the fleet does, with chance of its own. */
  defect?: { of: Defect; random: Random } | undefined
  onDtcs: (dtcs: Dtc[]) => void
}

export function createBody(options: BodyOptions): Body {
  const { identity, random, outages, coverage, pieceSeconds, defect, onDtcs } = options
  let state = freshState(identity, random)
  let connectivity = freshConnectivity(random)
  let diagnostics = noDiagnostics

  const isConcerned = (firmware: string, { of }: { of: Defect }) =>
    of.firmware === firmware && (of.hardware ?? identity.hardware) === identity.hardware

  function diagnose(seconds: number, firmware: string) {
    const passed = { seconds, trips: state.trips, parked: state.parked }
    const usual = stepDiagnostics(diagnostics, passed, random, defect?.of.code)
    const next =
      defect && isConcerned(firmware, defect) ? stepDefect(usual, passed, defect.of, defect.random) : usual
    if (next === diagnostics) return
    const [before, after] = [dtcsOf(diagnostics), dtcsOf(next)]
    diagnostics = next
    if (JSON.stringify(before) !== JSON.stringify(after)) onDtcs(after)
  }

  return {
    passed(seconds, firmware) {
      state = step(state, seconds, random, pieceSeconds)
      connectivity = stepConnectivity(connectivity, seconds, random, outages, coverage)
      if (firmware !== null) diagnose(seconds, firmware)
    },
    dtcs: () => dtcsOf(diagnostics),
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
