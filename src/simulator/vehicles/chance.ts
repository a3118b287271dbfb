/** Draws from seeded chance. */
import { type Random, seededRandom } from '../../shared/random.ts'

/** A number from `low` to `high`. */
export const between = (random: Random, low: number, high: number): number =>
  low + (high - low) * random.next()

export const pick = <T>(random: Random, from: readonly T[]): T =>
  from[Math.floor(random.next() * from.length)] as T

/** Whether something that happens with this probability happened. @param share from 0 to 1 */
export const happens = (random: Random, share: number): boolean => random.next() < share

/** The probability within so many seconds of something that has this one within a minute. */
export const withinSeconds = (perMinute: number, seconds: number): number =>
  1 - (1 - perMinute) ** (seconds / 60)

/** Chance of its own for whatever the parts name: the same parts, the same draws (FNV-1a of the text). */
export function randomOf(...parts: (string | number)[]): Random {
  let hash = 0x811c9dc5
  for (const character of parts.join(':'))
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return seededRandom(hash)
}
