/** Sizes and ages for people. Pure. */

const units = ['bytes', 'KB', 'MB', 'GB', 'TB']

/** `1.2 MB`: units of 1000. */
export function bytesText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

const spans: [number, string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
]

/** `3 h`: the largest unit that it has two of, or the least. */
export function ageText(ms: number): string {
  const [of, unit] = spans.find(([span]) => ms >= 2 * span) ?? [1000, 's']
  return `${Math.max(0, Math.floor(ms / of))} ${unit}`
}
