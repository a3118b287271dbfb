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

/** Within a minute: another network; coverage lost; coverage found again. */
const CHANGES = 0.05
const LOSES_COVERAGE = 0.02
const FINDS_COVERAGE = 0.3
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
): Connectivity {
  const turns = happens(random, withinSeconds(now.outage ? FINDS_COVERAGE : LOSES_COVERAGE, seconds))
  const network = happens(random, withinSeconds(CHANGES, seconds)) ? draw(random) : null
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
