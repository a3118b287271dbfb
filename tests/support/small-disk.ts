/** A disk of its own for one test, small enough to be filled. Linux, and only where a test may mount. */
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'ignore' })
const unmount = (folder: string) => {
  execFileSync('umount', ['--lazy', folder], { stdio: 'ignore' })
  rmSync(folder, { recursive: true })
}

function newDisk(kilobytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-disk-'))
  try {
    mount('-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder)
  } catch (error) {
    rmSync(folder, { recursive: true })
    throw error
  }
  return folder
}

/** Whether this process may mount: as root in most containers it may not. */
export const mayMount = (() => {
  try {
    unmount(newDisk(64))
    return true
  } catch {
    return false
  }
})()

export interface SmallDisk {
  folder: string
  /** Leaves not one block free. */
  fill(): void
  makeRoom(): void
  makeReadOnly(): void
}

export function smallDisk(kilobytes: number): SmallDisk {
  const folder = newDisk(kilobytes)
  onTestFinished(() => unmount(folder))
  const filler = join(folder, 'filler')
  return {
    folder,
    fill() {
      try {
        for (;;) appendFileSync(filler, Buffer.alloc(4096))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    },
    makeRoom: () => rmSync(filler),
    makeReadOnly: () => mount('-o', 'remount,ro', folder),
  }
}
