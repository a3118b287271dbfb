/**
 * When containers restarted, from counts that only grow. Samples come in any order, so for each container the first
 * known time of each count is kept, and a sample changes what lies beside it: the restarts of each bucket come out the
 * same whatever the order. (Only where a count comes back, grown again after the container was made anew, may samples
 * that come before those of the time between be added a bucket late.) Pure.
 */

/** The first sample known with this count. */
export interface Change {
  at: number
  count: number
  /** That the container served then. */
  service: string
}
/** Restarts to add to the bucket of this time; below 0: they were found to have been earlier. */
export interface Correction {
  at: number
  service: string
  restarts: number
}
export interface Steps {
  add: Change[]
  /** The change at this time is none any more. */
  remove: number | null
  corrections: Correction[]
}

/** How many restarts lie between two counts. A container that was made anew begins at 0. */
export const restartsBetween = (before: number, after: number): number =>
  after < before ? after : after - before

/**
 * @param before the newest change at or before the sample
 * @param after the oldest change behind it
 * @param newestAt of the newest sample known
 * @returns null: the sample changes nothing
 */
export function placeSample(
  sample: Change,
  before: Change | undefined,
  after: Change | undefined,
  newestAt: number,
): Steps | null {
  const { at, count } = sample
  if (before && before.count === count) return null
  const came = before ? restartsBetween(before.count, count) : 0
  const corrections: Correction[] = []
  const correct = ({ at, service }: Change, restarts: number) => {
    if (restarts !== 0) corrections.push({ at, service, restarts })
  }
  correct(sample, came)
  if (after && after.count === count) {
    correct(after, -came)
    return { add: [sample], remove: after.at, corrections }
  }
  const add = [sample]
  if (after) {
    const was = before ? restartsBetween(before.count, after.count) : 0
    correct(after, restartsBetween(count, after.count) - was)
  } else if (before && newestAt > at) {
    // The newest sample had the count of before.
    const newest = { ...before, at: newestAt }
    add.push(newest)
    correct(newest, restartsBetween(count, before.count))
  }
  return { add, remove: null, corrections }
}
