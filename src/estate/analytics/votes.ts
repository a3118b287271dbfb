/** Whether the votes of a group at one time are out of order, by what is usual and by the other versions. Pure. */
import { median } from './robust.ts'
import type { DetectorName } from './symptom.ts'
import { isAbove, thresholds } from './thresholds.ts'
import type { Usual } from './window.ts'

/** What one instance said: errors in percent, or its mean time of an answer in ms. */
export interface Vote {
  of: number
  /** Unix ms. */
  at: number
  value: number
  usual: Usual | null
}

export interface Verdict {
  isOut: boolean
  /** Above the threshold of the source system. */
  isAbove: boolean
  /** Of the group. */
  value: number
  expected: number | null
  against: DetectorName
}

/** What is less is nobody's concern: points of errors more than usual, and how many times slower. */
const least = { errorPoints: 3, slowerTimes: 1.6 }
/** Of one or two that vote: few requests, of which one fails, are many percent. */
const leastOfFew = { errorPoints: 8, slowerTimes: 2.5 }
const FEW = 2
const SIGMAS = 5

const leastOf = (votes: readonly Vote[]) => (votes.length <= FEW ? leastOfFew : least)

export function judgeErrors(votes: readonly Vote[], others: readonly number[]): Verdict {
  const value = median(votes.map(vote => vote.value))
  const { expected, against } = expectedOf(votes, others)
  const spread = median(votes.flatMap(({ usual }) => (usual ? [usual.spread] : []))) || 0
  const above = isAbove(value, thresholds.errors)
  const rises = expected !== null && value - expected > Math.max(leastOf(votes).errorPoints, SIGMAS * spread)
  return { isOut: above || rises, isAbove: above, value, expected, against }
}

export function judgeLatency(votes: readonly Vote[], others: readonly number[]): Verdict {
  const value = median(votes.map(vote => vote.value))
  const { expected, against } = expectedOf(votes, others)
  const times = median(
    votes.flatMap(vote => (vote.usual && vote.usual.center > 0 ? [vote.value / vote.usual.center] : [])),
  )
  const spread =
    median(votes.flatMap(({ usual }) => (usual && usual.center > 0 ? [usual.spread / usual.center] : []))) ||
    0
  const byPast = times > leastOf(votes).slowerTimes && times - 1 > SIGMAS * spread
  const byPeers = expected !== null && expected > 0 && value / expected > leastOf(votes).slowerTimes
  return { isOut: Number.isNaN(times) ? byPeers : byPast, isAbove: false, value, expected, against }
}

/** What the group has usually; where nobody knows, what the other versions of the service have now. */
function expectedOf(votes: readonly Vote[], others: readonly number[]) {
  const usual = median(votes.flatMap(vote => (vote.usual ? [vote.usual.center] : [])))
  if (!Number.isNaN(usual)) return { expected: usual, against: 'hour_of_week' as const }
  const peers = median(others)
  return { expected: Number.isNaN(peers) ? null : peers, against: 'peers' as const }
}
