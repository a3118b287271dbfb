/** The end of a log file. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

const READ_BYTES = 16_384
const LINE_LENGTH = 300

/** The last lines of a file, each cut to a readable length; none when it cannot be read. */
export function lastLines(path: string, count = 8): string[] {
  try {
    const file = openSync(path, 'r')
    const { size } = fstatSync(file)
    const buffer = Buffer.alloc(Math.min(size, READ_BYTES))
    readSync(file, buffer, 0, buffer.length, size - buffer.length)
    closeSync(file)
    const lines = buffer
      .toString('utf8')
      .split('\n')
      .filter(line => line.trim() !== '')
    return lines.slice(-count).map(line => line.slice(0, LINE_LENGTH))
  } catch {
    return []
  }
}
