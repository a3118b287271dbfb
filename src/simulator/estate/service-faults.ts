/** What a broken service does to the instances and containers that serve it. */
import type { Fault } from './fault.ts'
import { unit } from './noise.ts'

/** Of requests, 0.12 to 0.4; null: it has no burst of errors. @param at Unix ms */
export function errorShareOf(fault: Fault | null, key: number, at: number): number | null {
  if (fault?.kind !== 'error_burst') return null
  const share = (0.135 + 0.225 * fault.strength) * (0.95 + 0.1 * unit(key ^ 0x81, Math.floor(at / 1000)))
  return Math.min(0.4, Math.max(0.12, share))
}

/** How many times slower than usual: 1, or 3 to 6. */
export const slowdownOf = (fault: Fault | null): number =>
  fault?.kind === 'latency_regression' ? 3 + 3 * fault.strength : 1
