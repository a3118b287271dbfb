import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartFailure } from '../shared/errors.ts'
import { boomOutput, type LogOutput, type OutputObserver } from './log-destination.ts'

export interface LogFileOptions {
  path: string
  /** The size from which the file is put aside, in bytes. */
  maxBytes: number
  /** How many that were put aside are kept: `path.1` is the newest. */
  keep: number
}

/**
 * A file of log lines. A full one is renamed to `path.1` (and `.1` to `.2`, and so on) and a new one begins
 * under the old name: nothing is copied or cut, so whoever reads it can finish the old one.
 * @throws StartFailure when the file cannot be written
 */
export function logFile({ path, maxBytes, keep }: LogFileOptions, observer: OutputObserver): LogOutput {
  tryFile(path)
  const { boom, output } = boomOutput({ dest: path }, observer)
  let size = statSync(path).size
  let isClosing = false

  boom.on('write', (bytes: number) => {
    size += bytes
    // A file that is being closed is not opened again: its last lines stay together.
    if (size < maxBytes || isClosing) return
    size = 0
    try {
      putAside(path, keep)
      boom.reopen()
    } catch {
      // The folder cannot be changed now: the file grows on, and the next full size tries again.
    }
  })
  return {
    write: output.write,
    close() {
      isClosing = true
      return output.close()
    },
  }
}

/** Renames `path` and those put aside before it by one; what is beyond `keep` goes. */
function putAside(path: string, keep: number): void {
  const aside = (age: number) => (age === 0 ? path : `${path}.${age}`)
  rmSync(aside(keep), { force: true })
  for (let age = keep - 1; age >= 0; age--) if (existsSync(aside(age))) renameSync(aside(age), aside(age + 1))
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
