/** The words that queries are written in. */
import type { EventName } from '../observability/event-names.ts'
import { JOB, series } from '../telemetry.ts'

/** Names that Prometheus itself gives. */
export const serverUp = `up{job="${JOB}"}`
export const alerts = (state: 'firing' | 'pending') => `ALERTS{alertstate="${state}"}`

const grouped = (by: readonly string[]) => (by.length > 0 ? ` by (${by.join(', ')})` : '')

export const sum = (expr: string, ...by: string[]): string => `sum${grouped(by)} (${expr})`

/** How fast a counter grows, by the second, summed. */
export const perSecond = (counter: string, ...by: string[]): string => sum(rate(counter), ...by)

/** How fast a rare counter grows, by the minute, summed. */
export const perMinute = (counter: string, ...by: string[]): string => `${perSecond(counter, ...by)} * 60`

export const rate = (counter: string): string => `rate(${counter}[$__rate_interval])`

/** A part of a whole. Where there is no whole there is no share: not 0, and not 100 %. */
export const share = (part: string, whole: string): string => `${part} / (${whole} > 0)`

/** A part whose series appears only once it counts: until then it is 0 where there is a whole. */
export const some = (part: string, whole: string): string => `${part} or ${whole} * 0`

/** The share of such a part. */
export const shareOfSome = (part: string, whole: string): string => `(${some(part, whole)}) / (${whole} > 0)`

/** What is counted from 0 up, without "not a number": that is what nobody knows. */
export const known = (expr: string): string => `${expr} >= 0`

/** A quantile of a histogram; none, rather than "not a number", where nothing was observed. */
export const quantile = (q: number, buckets: string, ...by: string[]): string =>
  `histogram_quantile(${q}, ${sum(buckets, 'le', ...by)}) >= 0`

/** Gives a rate the version and commit of the server that counted it, whichever ran at that moment. */
export const byVersion = (rates: string): string =>
  `${rates} * on (job, instance) group_left (version, commit) topk by (job, instance) (1, ${build})`

const build = series('app_build_info', { version: { matches: '$version' } })

/** Log lines of some events, all of them when none is named; with their fields as labels. */
export function events(...names: EventName[]): string {
  return `${eventLines(...names)} | json`
}

/** The same lines, with the labels that they were stored under only. */
export function eventLines(...names: EventName[]): string {
  if (names.length === 0) return `{job="${JOB}"}`
  return `{job="${JOB}", event${names.length === 1 ? '=' : '=~'}"${names.join('|')}"}`
}

/** Log lines that match the level and the event that the viewer chose. */
export const chosenLines = `{job="${JOB}", level=~"$level", event=~"$event"}`

/** Log lines by the second, in each step of the graph. */
export const linesPerSecond = (selector: string, ...by: string[]): string =>
  sum(`rate(${selector} [$__auto])`, ...by)
