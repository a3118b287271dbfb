/** Numbers as words. What is not known is a dash, never a zero. */
import { duration, rate } from '../format.ts'

const wholeFormat = new Intl.NumberFormat('en')
const shortFormat = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

const hourAndMinute = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const clock = new Intl.DateTimeFormat(undefined, hourAndMinute)
const dayAndClock = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', ...hourAndMinute })
const DAY_MS = 86_400_000

export const NONE = '–'

type Known = number | null | undefined

/** `1,234`. */
export const whole = (count: Known): string => (count == null ? NONE : wholeFormat.format(Math.round(count)))

/** `1,234`, `12.3K`, `4.5M`: where there is little room. */
export const short = (count: Known): string =>
  count == null ? NONE : Math.abs(count) < 10_000 ? whole(count) : shortFormat.format(count)

/** `41 %`, `99.95 %`: as many digits as the number needs near its ends. @param digits always so many */
export function percent(value: Known, digits?: number): string {
  if (value == null) return NONE
  if (value === 0 || value === 100) return `${value} %`
  const places = digits ?? (value > 99 || value < 1 ? 2 : value < 10 || value > 90 ? 1 : 0)
  const written = value.toFixed(places)
  const least = 10 ** -places
  // What is not all must not be rounded to all, nor what is not nothing to nothing.
  if (Number(written) === 100) return `> ${(100 - least).toFixed(places)} %`
  if (Number(written) === 0) return `< ${least.toFixed(places)} %`
  return `${written} %`
}

/** `87 ms`, `1.25 s`. */
export function milliseconds(value: Known): string {
  if (value == null) return NONE
  return value < 1000 ? `${rate(value)} ms` : `${rate(value / 1000)} s`
}

/** `12.5/s`. */
export const perSecond = (value: Known): string => (value == null ? NONE : `${rate(value)}/s`)

/** `512 GB`, `1.5 TB`. */
export const gigabytes = (value: Known): string =>
  value == null ? NONE : value < 1000 ? `${rate(value)} GB` : `${rate(value / 1000)} TB`

/** `less than a day`, `9 days`, `more than a year`. */
export function daysWords(days: Known): string {
  if (days == null) return NONE
  if (days < 1) return 'less than a day'
  if (days > 365) return 'more than a year'
  const shown = days < 10 ? Math.round(days * 10) / 10 : Math.round(days)
  return `${shown} day${shown === 1 ? '' : 's'}`
}

/** `just now`, `12 s ago`, `3 min ago`, `2 h ago`, `4 d ago`. */
export function ago(at: string | null, nowMs: number): string {
  if (at === null) return NONE
  const seconds = Math.floor((nowMs - Date.parse(at)) / 1000)
  if (seconds < 3) return 'just now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return `${Math.floor(seconds / 86_400)} d ago`
}

/** `0.4 s`, `4 min 10 s`: how long something takes. */
export const seconds = (value: Known): string =>
  value == null ? NONE : value < 60 ? `${Math.round(value * 10) / 10} s` : duration(value)

/** `14:05`, local; with its day when that is more than a day ago. */
export function clockWords(at: string, nowMs: number): string {
  const date = new Date(at)
  return (nowMs - date.getTime() < DAY_MS ? clock : dayAndClock).format(date)
}

/** `1 server`, `2,000 servers`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${whole(count)} ${count === 1 ? one : many}`

/** `cpu_spike` as `CPU spike`; a name that we do not know is shown as it came. */
export function nameWords(name: string): string {
  const words = name.replaceAll('_', ' ')
  return /^(cpu|api|http)\b/.test(words)
    ? words.replace(/^\w+/, first => first.toUpperCase())
    : words.charAt(0).toUpperCase() + words.slice(1)
}
