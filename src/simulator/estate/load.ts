/** How much of its processor something uses: from its rhythm, with what nobody can explain. */
import { type Bursts, burst, noise, under, unit } from './noise.ts'
import type { AnyResource } from './plan.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const bursts: Bursts = { everyMs: 6 * HOUR_MS, lengthMs: 6 * MINUTE_MS, share: 0.3 }
/** Where nothing is broken no processor is busier than CPU_TOP: below every threshold. */
const CPU_KNEE = 68
const CPU_TOP = 84

/** Percent. @param busy the rhythm of its region, 0 to 1 @param at Unix ms */
export function cpuOf({ key, share, cpuBase, cpuSwing }: AnyResource, busy: number, at: number): number {
  const cpu =
    cpuBase +
    cpuSwing * busy * share +
    5 * noise(key ^ 0x11, at, HOUR_MS) +
    3 * noise(key ^ 0x12, at, 4 * MINUTE_MS) +
    1.5 * (unit(key ^ 0x13, Math.floor(at / 1000)) - 0.5) +
    14 * burst(key ^ 0x14, at, bursts)
  return Math.max(0.5, under(cpu, CPU_KNEE, CPU_TOP))
}

/** Percent; at most 77. */
export const memoryOf = ({ key, share, memoryBase }: AnyResource, busy: number, at: number): number =>
  memoryBase +
  6 * busy * share +
  4 * noise(key ^ 0x21, at, 3 * HOUR_MS) +
  noise(key ^ 0x22, at, 5 * MINUTE_MS)

/** Requests are as many as the rhythm says, and some more or fewer: around 1 at the busiest hour. */
export const demandOf = ({ key, share }: AnyResource, busy: number, at: number): number =>
  share * (0.18 + 0.82 * busy) * (1 + 0.1 * noise(key ^ 0x31, at, 10 * MINUTE_MS)) +
  0.02 * unit(key ^ 0x32, Math.floor(at / 1000))

/** How much slower than usual answers are, and how much dearer errors: around 1. */
export const strainOf = ({ key }: AnyResource, busy: number, at: number): number =>
  (1 + 0.3 * busy) * (1 + 0.08 * noise(key ^ 0x41, at, 6 * MINUTE_MS)) + 0.4 * burst(key ^ 0x42, at, bursts)
