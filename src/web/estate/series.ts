/** Points of the server as lines of a chart, with gaps where nothing was measured. */

export type Value = number | null

/** A line over the times of its picture. */
export interface Line {
  name: string
  /** Of the chart's colours, from 1. */
  colour: 1 | 2 | 3 | 4
  dashed?: boolean
  values: Value[]
}

export interface Picture {
  /** Unix seconds, growing. */
  times: number[]
  lines: Line[]
  /** The span that is shown, in Unix seconds, whatever was measured in it. */
  from: number
  to: number
}

interface Timed {
  time: string
}

const secondsOf = (time: string): number => Date.parse(time) / 1000

/** The usual distance of neighbours; 0 for fewer than two. */
function stepOf(times: readonly number[]): number {
  const distances = times.slice(1).map((time, index) => time - (times[index] ?? time))
  return distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0
}

/**
 * The times of points, each once, growing; where buckets are missing, one more time that has no point,
 * so that no line is drawn across what was not measured.
 */
export function timesOf(points: readonly Timed[]): number[] {
  const known = [...new Set(points.map(({ time }) => secondsOf(time)).filter(Number.isFinite))]
  known.sort((a, b) => a - b)
  const step = stepOf(known)
  return known.flatMap((time, index) => {
    const next = known[index + 1]
    return next !== undefined && next - time > step * 1.5 ? [time, time + step] : [time]
  })
}

/** The values of points at these times; null where there is none. */
export function valuesAt<P extends Timed>(
  times: readonly number[],
  points: readonly P[],
  value: (point: P) => Value,
): Value[] {
  const known = new Map(points.map(point => [secondsOf(point.time), value(point)]))
  return times.map(time => known.get(time) ?? null)
}

/** The span of a picture: so many hours that end now. */
export function spanOf(hours: number, nowMs: number): { from: number; to: number } {
  const to = Math.floor(nowMs / 1000)
  return { from: to - hours * 3600, to }
}

export const isEmpty = ({ lines }: Picture): boolean =>
  lines.every(({ values }) => values.every(value => value === null))

/** What the picture shows, for those who do not see it. @param write puts a value and its unit into words */
export function pictureWords({ lines }: Picture, write: (value: Value) => string): string {
  const sentences = lines.map(({ name, values }) => {
    const known = values.filter(value => value !== null)
    const last = known.at(-1) ?? null
    return known.length === 0
      ? `${name}: no data.`
      : `${name}: between ${write(Math.min(...known))} and ${write(Math.max(...known))}, last ${write(last)}.`
  })
  return sentences.join(' ')
}

/** The next of 1, 1.2, 1.5, 2, 3 … that is not below a value, so that the scale seldom moves; at least 1. */
export function roundUp(value: number): number {
  if (!(value > 1)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return (
    [1, 1.2, 1.5, 2, 3, 4, 5, 6, 8, 10].map(step => step * power).find(step => step >= value * 0.999) ?? value
  )
}

/** Where a value stands between two gaps. */
export function lonePoints(values: ArrayLike<Value | undefined>): number[] {
  const lone: number[] = []
  for (let index = 0; index < values.length; index++)
    if (values[index] != null && values[index - 1] == null && values[index + 1] == null) lone.push(index)
  return lone
}
