import type { ActivityFrame } from '../../licensing/api.ts'
import { rate } from '../format.ts'

type Borrows = Pick<ActivityFrame, 'borrows_per_second' | 'window_seconds'>

/**
 * How often somebody borrows, as one would say it: `4.8`, `a second`; in a small room, where less than one is borrowed
 * each second, `4`, `in the last minute`.
 */
export function paceOf({ borrows_per_second: pace, window_seconds: window }: Borrows): {
  count: string
  span: string
} {
  if (pace >= 1) return { count: rate(pace), span: 'a second' }
  const span = `in the last ${window === 60 ? 'minute' : `${window} s`}`
  return { count: String(Math.round(pace * window)), span }
}
