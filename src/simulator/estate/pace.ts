/** How often resources send, and how their samples are numbered. */
import type { AnyResource } from './plan.ts'

export interface Pace {
  intervalMs: number
  /** What the numbers belong to. */
  boot: string
}

/** Other intervals have other numbers: with a boot of their own no two samples share one. */
export const paceOf = (seed: number, intervalSeconds: number): Pace => ({
  intervalMs: intervalSeconds * 1000,
  boot: `sim-${seed}-${intervalSeconds}s`,
})

/** How far into each interval it sends, ms. */
export const phaseOf = ({ phase }: Pick<AnyResource, 'phase'>, { intervalMs }: Pace): number =>
  Math.floor(phase * intervalMs)

/** Of the sample of this time: one in each interval. @param at Unix ms */
export const numberAt = ({ intervalMs }: Pace, at: number): number => Math.floor(at / intervalMs)
