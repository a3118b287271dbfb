/** How a vehicle reaches the server: over what, how well, and whether at all. Pure. */
import type { Random } from '../../shared/random.ts'
import { type ConnectivityType, connectivityTypes } from '../../vehicle/equipment.ts'
import { between, happens, pick, withinSeconds } from './chance.ts'

export interface Connectivity {
  type: ConnectivityType
  signalDbm: number
  /** It has no coverage for now; tunnels come on top. */
  outage: boolean
  /** All that it ever sent and received. */
  dataUsageMb: number
}

/** What is probable within a minute. */
export interface CoverageOdds {
  /** Another network. */
  changes: number
  /** Coverage is lost; coverage is found again. */
  loses: number
  finds: number
}
export const usualCoverage: CoverageOdds = { changes: 0.05, loses: 0.02, finds: 0.3 }
/** What it uses beside updates, MB/s. */
const BACKGROUND_MB = 0.0008

const draw = (random: Random) => ({
  type: pick(random, connectivityTypes),
  signalDbm: Math.round(between(random, -95, -48)),
})

export const freshConnectivity = (random: Random): Connectivity => ({
  ...draw(random),
  outage: false,
  dataUsageMb: between(random, 10, 500),
})

/** @param outages whether coverage can be lost */
export function stepConnectivity(
  now: Connectivity,
  seconds: number,
  random: Random,
  outages: boolean,
  odds: CoverageOdds = usualCoverage,
): Connectivity {
  const turns = happens(random, withinSeconds(now.outage ? odds.finds : odds.loses, seconds))
  const network = happens(random, withinSeconds(odds.changes, seconds)) ? draw(random) : null
  return {
    ...now,
    ...network,
    outage: outages && now.outage !== turns,
    dataUsageMb: now.dataUsageMb + (now.outage ? 0 : seconds * BACKGROUND_MB),
  }
}

/** MB/s of a download. */
export const downloadMbPerSecond: Record<ConnectivityType, number> = {
  '4g_lte': 3,
  '5g': 10,
  wifi: 8,
  satellite: 1,
}
