import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DestinationStream } from 'pino'
import sonicBoom, { type SonicBoom } from 'sonic-boom'
import { StartFailure } from '../shared/errors.ts'

export interface LogDestination extends DestinationStream {
  /** Hands over what is gathered, and resolves when it has left the process or cannot. */
  close?(): Promise<void>
}

/** What may wait for a slow disk or pipe; more is dropped, and counted. */
const WAITING_MAX_BYTES = 16 * 1024 * 1024
const CLOSE_MS = 1000

/**
 * Standard output and, if named, a file. The lines of one turn of the event loop leave together, written
 * in the background, so neither a request nor the process waits for them.
 * @param onDropped told how many lines were lost to a full disk or a reader that does not keep up
 * @throws StartFailure when the file cannot be written
 */
export function logDestination(file: string | null, onDropped: (lines: number) => void): LogDestination {
  if (file !== null) tryFile(file)
  const outputs = [1, ...(file === null ? [] : [file])].map(dest => {
    const to = typeof dest === 'number' ? { fd: dest } : { dest }
    const output = new sonicBoom.SonicBoom({ ...to, sync: false, maxLength: WAITING_MAX_BYTES })
    output.on('drop', (lines: string) => onDropped(linesIn(lines)))
    output.on('error', () => onDropped(1))
    return output
  })
  let gathered = ''
  let isOpen = true

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
    async close() {
      handOver()
      isOpen = false
      await Promise.all(outputs.map(closed))
    },
  }
}

const linesIn = (text: string) => text.split('\n').length - 1

/** Ends an output; one that cannot write any more is given up after a moment. */
function closed(output: SonicBoom): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(() => {
      output.destroy()
      resolve()
    }, CLOSE_MS)
    output.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    output.end()
  })
}

function tryFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    closeSync(openSync(file, 'a'))
  } catch (error) {
    throw new StartFailure(
      `The log file cannot be written: ${file} (${(error as Error).message})`,
      `ls -ld ${file}, or choose another with --log-file`,
    )
  }
}
