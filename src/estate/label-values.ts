/** What samples name, as a bounded set of values of a label. */
import { OTHER } from './metrics.ts'

/**
 * Sorts rows under the names that are known, and all others under `_other`.
 * @param names the values that the label may have
 * @returns of rows: each name that was ever among them, with its rows; a name that is gone has none, so that its series
 * does not stay at its last value
 */
export function byLabel(names: readonly string[]) {
  const known = new Set(names)
  const shown = new Set<string>()
  return <Row>(rows: readonly Row[], nameOf: (row: Row) => string): Map<string, Row[]> => {
    const found = new Map<string, Row[]>(Array.from(shown, name => [name, []]))
    for (const row of rows) {
      const name = known.has(nameOf(row)) ? nameOf(row) : OTHER
      shown.add(name)
      found.set(name, [...(found.get(name) ?? []), row])
    }
    return found
  }
}

/** The mean of several means, each by its weight; NaN, which is shown as a gap, when nothing is known. */
export function merged<Row>(
  rows: readonly Row[],
  meanOf: (row: Row) => number | null,
  weightOf: (row: Row) => number,
): number {
  let [sum, weights] = [0, 0]
  for (const row of rows) {
    const value = meanOf(row)
    if (value === null) continue
    sum += value * weightOf(row)
    weights += weightOf(row)
  }
  return weights === 0 ? Number.NaN : sum / weights
}
