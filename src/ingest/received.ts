/**
 * Which sequence numbers of one boot of a device have come: ranges in order, with gaps between them. A boot that lost nothing is
 * one range, so telling a duplicate costs the same however much has come.
 */
export type Received = [from: number, to: number][]

/** More gaps than this in one boot are no bad coverage but a broken counter: the oldest two ranges become one. */
export const RANGES_MAX = 500

/** Whether it is new. Writes it down in `received` when it is. */
export function receive(received: Received, seq: number): boolean {
  const last = received.at(-1)
  if (last && seq === last[1] + 1) {
    last[1] = seq
    return true
  }
  // From the end: what is late is seldom very late.
  let index = received.length
  while (index > 0 && (received[index - 1] as [number, number])[0] > seq) index--
  const before = received[index - 1]
  if (before && seq <= before[1]) return false
  const after = received[index]
  const joinsBefore = before !== undefined && before[1] === seq - 1
  const joinsAfter = after !== undefined && after[0] === seq + 1
  if (joinsBefore && joinsAfter) {
    before[1] = after[1]
    received.splice(index, 1)
  } else if (joinsBefore) before[1] = seq
  else if (joinsAfter) after[0] = seq
  else received.splice(index, 0, [seq, seq])
  if (received.length > RANGES_MAX) {
    const [oldest] = received.splice(0, 1)
    const next = received[0]
    if (oldest && next) next[0] = oldest[0]
  }
  return true
}

/** The highest number so far; 0: none. */
export const highest = (received: Received): number => received.at(-1)?.[1] ?? 0

/** How many numbers below the highest have not come. */
export function missing(received: Received): number {
  const come = received.reduce((sum, [from, to]) => sum + to - from + 1, 0)
  return highest(received) - come
}
