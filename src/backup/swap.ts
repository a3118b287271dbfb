/** Puts files where others are, and those aside: all of them, or none. */
import { existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { syncPath } from './durable.ts'

export interface Exchange {
  /** What goes in; null: nothing. */
  draft: string | null
  target: string
  /** What is there now: the target, and what belongs to it. */
  present: readonly string[]
}

/** File systems without hard links say so in these ways. */
const WITHOUT_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES']

/**
 * A plain file is never away from its place: it gets a second name, then the new one takes its first.
 * @param stamp ends the names of what goes aside
 * @returns what went aside: its name before, and now
 * @throws what the disk throws, after everything was put back
 */
export function exchange(all: readonly Exchange[], stamp: string): { from: string; to: string }[] {
  const aside: { from: string; to: string }[] = []
  const undo: (() => void)[] = []
  try {
    for (const { draft, target, present } of all) {
      // First what is beside it: a new database must not meet the log of the one before.
      for (const path of [...present].reverse()) {
        const to = asideName(path, stamp)
        moveAside(path, to, path === target && draft !== null, undo)
        aside.push({ from: path, to })
      }
      if (draft === null) continue
      renameSync(draft, target)
      if (!present.includes(target)) undo.push(() => renameSync(target, draft))
    }
    for (const folder of new Set(all.map(({ target }) => dirname(target)))) syncPath(folder)
    return aside
  } catch (error) {
    for (const step of undo.reverse()) step()
    throw error
  }
}

function moveAside(path: string, to: string, isReplaced: boolean, undo: (() => void)[]): void {
  const back = () => {
    renameSync(to, path)
    // Two names of one file: renaming one to the other leaves both.
    rmSync(to, { force: true })
  }
  if (isReplaced && statSync(path).isFile())
    try {
      linkSync(path, to)
      undo.push(back)
      return
    } catch (error) {
      if (!WITHOUT_LINKS.includes(String((error as NodeJS.ErrnoException).code))) throw error
    }
  renameSync(path, to)
  undo.push(() => {
    // A folder is renamed to its own name only when nothing took it.
    if (existsSync(path) && statSync(to).isDirectory()) rmSync(path, { recursive: true })
    back()
  })
}

function asideName(path: string, stamp: string): string {
  const name = `${path}.before-restore-${stamp}`
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name}-${number}`
    if (!existsSync(free)) return free
  }
}
