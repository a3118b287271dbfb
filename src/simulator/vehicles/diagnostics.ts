/** Trouble codes: seen once they are pending, seen again they are confirmed, and some day they are cleared. Pure. */
import type { Random } from '../../shared/random.ts'
import type { HardwareRevision } from '../../vehicle/equipment.ts'
import type { Dtc } from '../../vehicle/messages.ts'
import { between, happens, pick } from './chance.ts'

interface Seen extends Dtc {
  /** The trip in which it was seen first. */
  trip: number
  seconds: number
  /** It is cleared, or found to be nothing, by then. */
  clearsAfterSeconds: number
}
export type Diagnostics = readonly Seen[]

/** Software that makes trouble: vehicles that run it see a code again and again while they drive. */
export interface Defect {
  firmware: string
  /** Only vehicles with this hardware are concerned; left out: all. */
  hardware?: HardwareRevision
  /** It is seen for no other reason in a fleet that has the defect. */
  code: string
  /** How long a vehicle drives on average until it sees the code. */
  everyDrivingHours: number
}

/** Lost communication, sensors and voltages that electric vehicles report, with failure type bytes. */
export const dtcCodes = [
  'U0100-87',
  'U0121-00',
  'U0293-87',
  'P0A1F-00',
  'P0AA6-1A',
  'P0562-16',
  'C0035-31',
  'B1304-13',
] as const
const CODES_MAX = 3
/** One in so many seconds of driving. */
const SEEN_EVERY_S = 8 * 3600
const CONFIRMED_AFTER_S = 600

export const noDiagnostics: Diagnostics = []

interface Passed {
  seconds: number
  trips: number
  parked: boolean
}

/**
 * @param trips trips that the vehicle began
 * @param never a code that is not seen here
 * @returns the same value when nothing happened
 */
export function stepDiagnostics(
  now: Diagnostics,
  { seconds, trips, parked }: Passed,
  random: Random,
  never?: string,
): Diagnostics {
  const fresh = !parked && happens(random, seconds / SEEN_EVERY_S) && now.length < CODES_MAX
  if (now.length === 0 && !fresh) return now
  const older = now
    .map(seen => ({ ...seen, seconds: seen.seconds + seconds }))
    .filter(seen => seen.seconds < seen.clearsAfterSeconds)
    .map(seen => (seenAgain(seen, trips) ? { ...seen, status: 'confirmed' as const } : seen))
  if (!fresh) return older
  const code = pick(random, dtcCodes)
  if (code === never || older.some(seen => seen.code === code)) return older
  const goesAway = happens(random, 0.3)
  const clearsAfterSeconds = goesAway ? between(random, 60, CONFIRMED_AFTER_S) : between(random, 1800, 10_800)
  return [...older, { code, status: 'pending', trip: trips, seconds: 0, clearsAfterSeconds }]
}

/** What the defect of its software adds. @returns the same value when nothing happened */
export function stepDefect(
  now: Diagnostics,
  { seconds, trips, parked }: Passed,
  { code, everyDrivingHours }: Defect,
  random: Random,
): Diagnostics {
  if (parked || !happens(random, seconds / (everyDrivingHours * 3600))) return now
  if (now.some(seen => seen.code === code)) return now
  const clearsAfterSeconds = between(random, 1800, 10_800)
  return [...now, { code, status: 'pending', trip: trips, seconds: 0, clearsAfterSeconds }]
}

const seenAgain = ({ trip, seconds }: Seen, trips: number) => trips > trip || seconds >= CONFIRMED_AFTER_S

/** What is told of them. */
export const dtcsOf = (diagnostics: Diagnostics): Dtc[] =>
  diagnostics.map(({ code, status }) => ({ code, status }))
