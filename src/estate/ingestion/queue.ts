/** Lines that wait for the lake, in the order in which they came. Pure. */
import type { Line } from './read-message.ts'

/** A message on its way: taken when none of its lines is left. */
export interface Ticket {
  left: number
  taken: () => void
  refused: (error: Error) => void
}

export interface Waiting extends Line {
  ticket: Ticket
  /** Monotonic ms. */
  since: number
}

export interface Limits {
  lines: number
  /** Of text: characters. */
  size: number
  partitions: number
}

export function createQueue() {
  let lines: Waiting[] = []
  let size = 0

  return {
    get length() {
      return lines.length
    },
    /** Characters. */
    get size() {
      return size
    },
    /** When the oldest came; null: nothing waits. */
    get since(): number | null {
      return lines[0]?.since ?? null
    },
    add(line: Waiting) {
      lines.push(line)
      size += line.text.length
    },
    /** From the oldest on, as much as one flush may have, by partition; at least one line when there are any. */
    take(limits: Limits): Map<string, Waiting[]> {
      const batch = new Map<string, Waiting[]>()
      let count = 0
      let taken = 0
      for (const line of lines) {
        const isFull = count >= limits.lines || taken + line.text.length > limits.size
        if (count > 0 && isFull) break
        const group = batch.get(line.partition)
        if (group) group.push(line)
        else if (batch.size >= limits.partitions) break
        else batch.set(line.partition, [line])
        count++
        taken += line.text.length
      }
      lines = lines.slice(count)
      size -= taken
      return batch
    },
  }
}

export type Queue = ReturnType<typeof createQueue>
