import pino, { type DestinationStream } from 'pino'

export interface LogDestination extends DestinationStream {
  /** Hands over what is gathered, and tells when it has left the process. */
  flush?(done: () => void): void
}

/** What may wait for a slow disk or pipe; more is dropped, and counted. */
const WAITING_MAX_BYTES = 16 * 1024 * 1024

/**
 * Standard output and, if named, a file. The lines of one turn of the event loop leave together, written
 * in the background, so neither a request nor the process waits for them.
 * @param onDropped told how many lines were lost to a full disk or a reader that does not keep up
 */
export function logDestination(file: string | null, onDropped: (lines: number) => void): LogDestination {
  const outputs = [1, ...(file === null ? [] : [file])].map(dest => {
    const output = pino.destination({ dest, sync: false, mkdir: true, maxLength: WAITING_MAX_BYTES })
    output.on('drop', (lines: string) => onDropped(lines.split('\n').length - 1))
    output.on('error', () => onDropped(1))
    return output
  })
  let gathered = ''

  function handOver() {
    const lines = gathered
    gathered = ''
    if (lines !== '') for (const output of outputs) output.write(lines)
  }

  return {
    write(line) {
      if (gathered === '') setImmediate(handOver)
      gathered += line
    },
    flush(done) {
      handOver()
      let open = outputs.length
      for (const output of outputs) output.flush(() => --open === 0 && done())
    },
  }
}
