import type { DestinationStream } from 'pino'
import sonicBoom from 'sonic-boom'

export interface LogDestination extends DestinationStream {
  /** Hands over what is gathered, and resolves when it has left the process or cannot. */
  close?(): Promise<void>
}

/** One place that log lines go to. Neither call throws, and neither waits for the place. */
export interface LogOutput {
  /** @param lines whole lines, each with its line break */
  write(lines: string): void
  /** Resolves when all lines have left, or after a bounded wait. */
  close(): Promise<void>
}

/** Told of an output's troubles. */
export interface OutputObserver {
  /** Lines were lost. */
  dropped(lines: number): void
  /** A write failed; its lines wait for the next try. */
  failed(reason: string): void
}

/** What may wait for a slow disk, pipe or network, in bytes; more is dropped, and counted. */
export const WAITING_MAX_BYTES = 16 * 1024 * 1024
const CLOSE_MS = 1000

/** The lines of one turn of the event loop leave together, so no request waits for them. */
export function logDestination(outputs: readonly LogOutput[]): LogDestination {
  let gathered = ''
  let isOpen = true
  let closed: Promise<void> | undefined

  function handOver() {
    const lines = gathered
    gathered = ''
    if (lines !== '' && isOpen) for (const output of outputs) output.write(lines)
  }

  return {
    write(line) {
      if (gathered === '') setImmediate(handOver)
      gathered += line
    },
    close: () => (closed ??= close()),
  }

  async function close() {
    handOver()
    isOpen = false
    await Promise.all(outputs.map(output => output.close()))
  }
}

/** How many line breaks a text has, counted without taking it apart. */
export function linesIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}

/** Standard output, written in the background. */
export const standardOutput = (observer: OutputObserver): LogOutput => boomOutput({ fd: 1 }, observer).output

/**
 * A file or descriptor that is written in the background. After a failed write (a full disk, say) the lines
 * stay in the buffer and the next write tries again.
 */
export function boomOutput(to: { fd: number } | { dest: string }, observer: OutputObserver) {
  const boom = new sonicBoom.SonicBoom({ ...to, sync: false, maxLength: WAITING_MAX_BYTES })
  boom.on('drop', (lines: string) => observer.dropped(linesIn(lines)))
  boom.on('error', (error: Error) => observer.failed(error.message))
  const output: LogOutput = {
    write: lines => void boom.write(lines),
    close: () =>
      new Promise(resolve => {
        const timer = setTimeout(() => {
          boom.destroy()
          resolve()
        }, CLOSE_MS)
        boom.once('close', () => {
          clearTimeout(timer)
          resolve()
        })
        boom.end()
      }),
  }
  return { boom, output }
}
