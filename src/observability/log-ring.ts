/**
 * The newest log lines, in memory of a fixed size. A line is copied into one buffer as it is written (0.1 µs or so);
 * nothing is parsed, and nothing is made that a garbage collector would have to look at, until somebody asks.
 */

/** One kept line. */
export interface KeptLine {
  /** Its number: lines count up, over restarts too. */
  seq: number
  /** As it was written: one JSON object. */
  text: string
}

export interface LogRing {
  /** @param line one whole line */
  add(line: string): void
  /** Newest first. @param after only lines with a higher number */
  newest(after?: number): Iterable<KeptLine>
  /** The number of the line that was written last. */
  readonly last: number
  /** How many lines after `after` were written and are no longer here. */
  gone(after: number): number
}

const LINES_MAX = 1000
const BYTES_MAX = 1024 * 1024

/** UTF-8 needs at most so many bytes for one unit of a JavaScript text. */
const BYTES_A_UNIT = 3

export interface LogRingOptions {
  /** The number before that of the first line: the start in µs, say, so that a restarted server goes on above. */
  startAt: number
  linesMax?: number
  /** A line that might need more than a sixteenth of it is not kept. */
  bytesMax?: number
}

export function createLogRing({
  startAt,
  linesMax = LINES_MAX,
  bytesMax = BYTES_MAX,
}: LogRingOptions): LogRing {
  const buffer = Buffer.allocUnsafe(bytesMax)
  const starts = new Uint32Array(linesMax)
  const ends = new Uint32Array(linesMax)
  const unitsMax = Math.floor(bytesMax / 16 / BYTES_A_UNIT)
  /** Lines are counted from 0: those from `oldest` to before `next` are here. */
  let next = 0
  let oldest = 0
  /** Where the next line goes. What starts at or behind it is from the lap before. */
  let head = 0

  const startOf = (line: number) => starts[line % linesMax] as number

  function forgetUpTo(position: number) {
    while (oldest < next && startOf(oldest) >= head && startOf(oldest) < position) oldest++
  }

  return {
    add(line) {
      const isKept = line.length <= unitsMax
      if (isKept && head + line.length * BYTES_A_UNIT > bytesMax) {
        forgetUpTo(bytesMax)
        head = 0
      }
      const end = isKept ? head + buffer.write(line, head) : head
      forgetUpTo(end)
      if (next - oldest === linesMax) oldest++
      starts[next % linesMax] = head
      ends[next % linesMax] = end
      next++
      head = end
    },
    *newest(after = startAt) {
      for (let line = next - 1; line >= oldest && startAt + line + 1 > after; line--) {
        const start = startOf(line)
        const end = ends[line % linesMax] as number
        if (end > start) yield { seq: startAt + line + 1, text: buffer.toString('utf8', start, end) }
      }
    },
    get last() {
      return startAt + next
    },
    gone: after => Math.max(0, oldest - Math.max(0, after - startAt)),
  }
}
