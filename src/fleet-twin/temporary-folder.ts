/** A folder that is gone when it is not needed any more, at the latest with the process. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TemporaryFolder {
  path: string
  remove(): void
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'twinloop-twin-'))
  // At the process's exit a thread may still write: tried again.
  const clear = () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
  process.once('exit', clear)
  return {
    path,
    remove() {
      process.off('exit', clear)
      clear()
    },
  }
}
