/** The percents of waves as people write them: `5, 15, 80`. Null: not numbers that add up to 100. */
export function readWaves(text: string): number[] | null {
  const waves = text
    .replaceAll('%', ' ')
    .split(/[\s,;/]+/)
    .filter(part => part !== '')
    .map(Number)
  const sum = waves.reduce((total, wave) => total + wave, 0)
  const fits = waves.length >= 1 && waves.length <= 10 && waves.every(wave => wave > 0)
  return fits && Math.abs(sum - 100) < 0.01 ? waves : null
}

/** A window of hours as people write it: `22-4`. Null: the whole day; undefined: not readable. */
export function readWindow(text: string): { from_hour: number; to_hour: number } | null | undefined {
  if (text.trim() === '') return null
  const [, from, to] = /^\s*(\d{1,2})\s*(?:-|–|to)\s*(\d{1,2})\s*$/.exec(text) ?? []
  const [from_hour, to_hour] = [Number(from), Number(to)]
  return from_hour <= 23 && to_hour <= 23 ? { from_hour, to_hour } : undefined
}
