const moneyFormats = new Map<string, Intl.NumberFormat>()
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const clockSeconds = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' })
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'short',
  hourCycle: 'h23',
})
const rateFormat = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const percentFormat = (digits: number) =>
  new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: digits })
const percentFormats = { 0: percentFormat(0), 1: percentFormat(1) }
const timesFormat = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

/** `$1,000`, `$0.50`: cents are shown only where there are some. */
export function money(amount: number, currency = 'USD'): string {
  const digits = Number.isInteger(amount) ? 0 : 2
  const key = `${currency}${digits}`
  let format = moneyFormats.get(key)
  if (!format) {
    const options = {
      style: 'currency',
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }
    format = new Intl.NumberFormat('en', options as Intl.NumberFormatOptions)
    moneyFormats.set(key, format)
  }
  return format.format(amount)
}

/** The local time of day, `14:05`; with the date when it is not today. @param at RFC 3339 */
export function timeOfDay(at: string): string {
  const date = new Date(at)
  return date.toDateString() === new Date().toDateString() ? clock.format(date) : dayAndClock.format(date)
}

/** The local time of day with seconds. @param at RFC 3339 */
export const timeWithSeconds = (at: string): string => clockSeconds.format(new Date(at))

/** `1 h 05 min`, `4 min 10 s`, `9 s`. @param seconds not negative */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
  ]
  const two = (value: number) => String(value).padStart(2, '0')
  if (days > 0) return `${days} d ${two(hours)} h`
  if (hours > 0) return `${hours} h ${two(minutes)} min`
  if (minutes > 0) return `${minutes} min ${two(whole % 60)} s`
  return `${whole} s`
}

/** `2 min`, `4 min 10 s`: without an empty rest. @param seconds not negative */
export const shortDuration = (seconds: number): string => duration(seconds).replace(/ 00 (h|min|s)$/, '')

/** Three significant digits. */
export const rate = (value: number): string => rateFormat.format(value)

/** `14.4 ×`, with a space that does not break; null: no data. */
export const times = (value: number | null): string =>
  value === null ? 'no data' : `${timesFormat.format(value)}\u00a0×`

/** `27 %`, with a space that does not break; null: no data. @param share 0–1, or below @param digits after the point, at most */
export function percentOf(share: number | null, digits: 0 | 1 = 0): string {
  if (share === null) return 'no data'
  return percentFormats[digits].format(share).replace('%', '\u00a0%').replace('-', '−')
}

/** `2.5 a day`; where it is rarer, `1 in 8 days`. */
export function frequencyWords(perDay: number): string {
  const days = perDay > 0 ? Math.round(1 / perDay) : 0
  return days > 1 ? `1 in ${days} days` : `${perDay.toFixed(1)} a day`
}

/** `1 seat`, `2 seats`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`
