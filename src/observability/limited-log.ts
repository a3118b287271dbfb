import type { Clock } from '../shared/clock.ts'
import { createLineLimit } from './line-limit.ts'
import type { Log } from './logger.ts'

/** A log for what others can cause as often as they like: lines of one key beyond the limit are only counted. */
export type LimitedLog = (
  level: 'info' | 'warn' | 'error',
  key: string,
  line: Parameters<Log['info']>,
) => void

/** @param perSecond lines of one key; the next that is written says in `held_back` how many were not */
export function createLimitedLog(log: Log, clock: Clock, perSecond: number): LimitedLog {
  const lineLimit = createLineLimit(clock, perSecond)
  return (level, key, [event, message, fields]) => {
    const heldBack = lineLimit(key)
    if (heldBack !== null)
      log[level](event, message, { ...fields, ...(heldBack > 0 && { held_back: heldBack }) })
  }
}
