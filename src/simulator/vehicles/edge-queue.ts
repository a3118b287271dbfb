/**
 * What a vehicle has yet to send, in the order in which it came to be. It is bounded: when it is full the oldest sample
 * makes room, for what an update or a command came to is worth more than a position of an hour ago.
 */
import type { Sample } from '../../vehicle/messages.ts'
import type { Uplink } from '../../vehicle/topics.ts'

/** A message that is neither telemetry nor the state; its text is made when it is sent. */
export interface Notice {
  kind: 'notice'
  boot: string
  uplink: Exclude<Uplink, 'telemetry' | 'state'>
  body: { seq: number; at: number } & Record<string, unknown>
}
export interface QueuedSample {
  kind: 'sample'
  boot: string
  sample: Sample
}
export type Queued = Notice | QueuedSample

export interface EdgeQueue {
  /** @returns what had to make room, if anything */
  add(entry: Queued): Queued | null
  first(): Queued | undefined
  /** Takes samples of one boot from the front, as long as they are fit. */
  takeSamples(most: number, fits: (entry: QueuedSample) => boolean): Sample[]
  takeNotice(): Notice | null
  size(): number
}

export function createEdgeQueue(limit: number): EdgeQueue {
  let entries: Queued[] = []
  let head = 0
  const size = () => entries.length - head

  function shift(): Queued | undefined {
    const entry = entries[head]
    if (entry === undefined) return undefined
    head++
    if (head * 2 > entries.length) {
      entries = entries.slice(head)
      head = 0
    }
    return entry
  }

  function makeRoom(): Queued | null {
    if (size() < limit) return null
    const oldest = entries.findIndex((entry, index) => index >= head && entry.kind === 'sample')
    if (oldest <= head) return shift() ?? null
    return entries.splice(oldest, 1)[0] ?? null
  }

  return {
    add(entry) {
      const dropped = makeRoom()
      entries.push(entry)
      return dropped
    },
    first: () => entries[head],
    takeSamples(most, fits) {
      const samples: Sample[] = []
      while (samples.length < most) {
        const entry = entries[head]
        if (entry?.kind !== 'sample' || !fits(entry)) break
        samples.push(entry.sample)
        shift()
      }
      return samples
    },
    takeNotice() {
      if (entries[head]?.kind !== 'notice') return null
      return shift() as Notice
    },
    size,
  }
}
