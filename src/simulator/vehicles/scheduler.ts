/** One timer for everything that ten thousand vehicles have yet to do. */
import type { Clock } from '../../shared/clock.ts'

export interface Scheduler {
  /** Does it after so many ms, once. @returns takes it back */
  after(ms: number, task: () => void): () => void
  /** Does what is due, in order of time. @returns how late the latest was, ms */
  run(): number
  /** When the next is due, by the monotonic clock; null: nothing waits. */
  nextAt(): number | null
  /** What waits. */
  size(): number
}

interface Waiting {
  at: number
  order: number
  task: (() => void) | null
}

/** A binary heap by time; what is due at the same time is done in the order in which it was asked for. */
export function createScheduler(clock: Clock): Scheduler {
  const heap: Waiting[] = []
  let orders = 0
  const before = (a: Waiting, b: Waiting) => a.at < b.at || (a.at === b.at && a.order < b.order)
  const at = (index: number) => heap[index] as Waiting
  const swap = (a: number, b: number) => {
    const kept = at(a)
    heap[a] = at(b)
    heap[b] = kept
  }

  function push(waiting: Waiting) {
    heap.push(waiting)
    let index = heap.length - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!before(at(index), at(parent))) return
      swap(index, parent)
      index = parent
    }
  }

  function pop(): Waiting {
    const first = at(0)
    const last = heap.pop() as Waiting
    if (heap.length === 0) return first
    heap[0] = last
    let index = 0
    for (;;) {
      let least = index
      for (const child of [2 * index + 1, 2 * index + 2])
        if (child < heap.length && before(at(child), at(least))) least = child
      if (least === index) return first
      swap(index, least)
      index = least
    }
  }

  return {
    after(ms, task) {
      const waiting: Waiting = { at: clock.monotonic() + Math.max(0, ms), order: orders++, task }
      push(waiting)
      return () => {
        waiting.task = null
      }
    },
    run() {
      let late = 0
      const now = clock.monotonic()
      while (heap.length > 0 && at(0).at <= now) {
        const { task, at: due } = pop()
        late = Math.max(late, now - due)
        task?.()
      }
      return late
    },
    nextAt: () => heap[0]?.at ?? null,
    size: () => heap.length,
  }
}

/** How exactly things are on time, ms. */
const TURN_MS = 25

/** Runs the scheduler by the real time. @returns ends it */
export function keepRunning(scheduler: Scheduler, onLate: (ms: number) => void): () => void {
  const timer = setInterval(() => onLate(scheduler.run()), TURN_MS)
  return () => clearInterval(timer)
}
