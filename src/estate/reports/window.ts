/** Which sums a question needs: of which span, from when. Times are Unix ms. */
import { MINUTE_MS } from '../../shared/clock.ts'
import type { Interval } from '../api/common.ts'
import { Refused } from './found.ts'

export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS
const FIVE_MS = 5 * MINUTE_MS

/** The spans of the rollups. */
export type Span = typeof MINUTE_MS | typeof FIVE_MS | typeof HOUR_MS

/** How long sums of a span are kept; a little is left for the time that removing takes. */
const MARGIN_HOURS = 1
const MINUTES_KEPT_HOURS = 48
const FIVES_KEPT_HOURS = 192
const BUCKETS_MAX = 2016

const widths: Record<Interval, { span: Span; width: number; keptHours: number }> = {
  '1min': { span: MINUTE_MS, width: MINUTE_MS, keptHours: MINUTES_KEPT_HOURS },
  '5min': { span: FIVE_MS, width: FIVE_MS, keptHours: FIVES_KEPT_HOURS },
  '15min': { span: FIVE_MS, width: 3 * FIVE_MS, keptHours: FIVES_KEPT_HOURS },
  '1hour': { span: HOUR_MS, width: HOUR_MS, keptHours: Number.POSITIVE_INFINITY },
}

/** Left out: the one with which a chart of so many hours has up to a few hundred points. */
const presetFor = (hours: number): Interval => (hours <= 24 ? '5min' : hours <= 48 ? '15min' : '1hour')

/** Buckets of a trend, the last of which is under way. */
export interface Buckets {
  span: Span
  width: number
  /** The beginning of the first. */
  from: number
  /** The end of the last. */
  to: number
  count: number
}

/** @throws Refused when the interval does not reach so far, or gives more points than anybody draws */
export function bucketsOf(query: { hours: number; interval?: Interval | undefined }, now: number): Buckets {
  const interval = query.interval ?? presetFor(query.hours)
  const { span, width, keptHours } = widths[interval]
  const count = Math.ceil((query.hours * HOUR_MS) / width)
  if (query.hours > keptHours)
    throw new Refused('interval', `sums of ${interval} are kept for ${keptHours} hours: choose a longer one`)
  if (count > BUCKETS_MAX)
    throw new Refused('interval', `${count} buckets are more than ${BUCKETS_MAX}: choose a longer one`)
  const to = floor(now, width) + width
  return { span, width, from: to - count * width, to, count }
}

/** Sums of one span, of buckets that begin at `from` or later, and before `to`. */
export interface Piece {
  span: Span
  from: number
  to: number
}

/**
 * The last so many ms, put together from as few sums as possible: minutes and fives at its beginning, hours for the
 * rest. The buckets under way are there already. It begins with a full minute; five minutes, where minutes are not kept
 * so long; the hour, where fives are not.
 */
export function piecesOf(spanMs: number, now: number): Piece[] {
  const hours = spanMs / HOUR_MS + MARGIN_HOURS
  const least = hours <= MINUTES_KEPT_HOURS ? MINUTE_MS : hours <= FIVES_KEPT_HOURS ? FIVE_MS : HOUR_MS
  const from = floor(now - spanMs, least)
  const five = ceil(from, FIVE_MS)
  const hour = ceil(from, HOUR_MS)
  const pieces: Piece[] = [
    { span: MINUTE_MS, from, to: five },
    { span: FIVE_MS, from: five, to: hour },
    { span: HOUR_MS, from: hour, to: Number.MAX_SAFE_INTEGER },
  ]
  return pieces.filter(piece => piece.from < piece.to)
}

/** The beginning of the window that `piecesOf` puts together. */
export const beginningOf = ([first]: readonly Piece[]): number => first?.from ?? 0

export const floor = (at: number, width: number): number => Math.floor(at / width) * width
export const ceil = (at: number, width: number): number => Math.ceil(at / width) * width
