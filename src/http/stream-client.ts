/** One who listens to a stream, and how many of them are written to without holding up anybody else. */
import type { ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../shared/clock.ts'
import type { Frame } from './event-frames.ts'

export interface StreamClient {
  response: ServerResponse
  channels: Channel[]
  /** Monotonic ms since when nothing could be written; null: all is well. */
  stalledSince: number | null
}

/** A topic at a pace, with all who follow it so. */
export interface Channel {
  topic: string
  everyMs: number
  /** Each with the number of the newest frame it was sent. */
  followers: Map<StreamClient, number>
  /** Those that did not read when the frame was new. */
  behind: Set<StreamClient>
  /** What was sent last: all have it but those behind. */
  frame: Frame | null
  askedAt: number
}

/** How often a stream is sent a topic at most, in ms: as often as it is made, or calmly, for phones. */
export const paces = [250, 1000] as const
export type Pace = (typeof paces)[number]

const UNREAD_MAX_BYTES = 256 * 1024
const STALLED_MAX_MS = 30_000
/** Sockets that are written to before others get a turn: one to two ms of work. */
const SLICE = 100

/**
 * Writes unless the client has not read what it was sent before: then it misses this one.
 * @returns `stalled`: it never reads, let it go
 */
export function writeTo(client: StreamClient, buffer: Buffer, clock: Clock): 'written' | 'waits' | 'stalled' {
  const { response } = client
  if (response.destroyed) return 'waits'
  if (response.writableNeedDrain) {
    client.stalledSince ??= clock.monotonic()
    const stalledMs = clock.monotonic() - client.stalledSince
    return response.writableLength > UNREAD_MAX_BYTES || stalledMs > STALLED_MAX_MS ? 'stalled' : 'waits'
  }
  client.stalledSince = null
  response.write(buffer)
  return 'written'
}

/** Does something for many, and lets borrows have their turn in between. Who joins or leaves meanwhile is no harm. */
export async function inSlices<T>(all: Iterable<T>, act: (one: T) => void) {
  let acted = 0
  for (const one of all) {
    act(one)
    if (++acted % SLICE === 0) await nextTurn()
  }
}
