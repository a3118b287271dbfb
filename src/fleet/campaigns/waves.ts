/** Which vehicle is updated in which wave. Pure. */
import { type Random, seededRandom } from '../../shared/random.ts'

/**
 * How many vehicles are in each wave: the percents of all, rounded so that they add up, and at least one in the first
 * wave where there are any.
 */
export function waveSizes(total: number, percents: readonly number[]): number[] {
  const sum = percents.reduce((all, part) => all + part, 0)
  let soFar = 0
  let given = 0
  return percents.map((percent, index) => {
    soFar += percent
    const isLast = index === percents.length - 1
    const end = isLast ? total : Math.round((total * soFar) / sum)
    const size = Math.max(end - given, index === 0 ? Math.min(1, total) : 0)
    given += size
    return size
  })
}

/** The wave of each of `total` vehicles, from 1: by lot, the same lot for the same campaign. */
export function assignWaves(total: number, percents: readonly number[], campaignId: string): number[] {
  const waves = waveSizes(total, percents).flatMap((size, index) => new Array<number>(size).fill(index + 1))
  return shuffled(waves, seededRandom(Number.parseInt(campaignId.replaceAll('-', '').slice(0, 8), 16)))
}

/** Fisher and Yates. */
function shuffled<T>(items: T[], random: Random): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random.next() * (last + 1))
    const held = items[last] as T
    items[last] = items[other] as T
    items[other] = held
  }
  return items
}
