/** Puts a backup in the place of what a server keeps. */
import { existsSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Held, holdAlone } from '../db/hold-alone.ts'
import type { Clock } from '../shared/clock.ts'
import { StartFailure } from '../shared/errors.ts'
import { diskFailure } from './durable.ts'
import { isDatabase } from './manifest.ts'
import { stampOf } from './name.ts'
import { isWithin } from './places.ts'
import { type Plan, presentAt } from './plan.ts'
import { draftOf, prepareFolders, stage } from './stage-files.ts'
import { exchange } from './swap.ts'
import type { Tell } from './tell.ts'

export interface RestoreOptions {
  /** The backup, absolute. */
  folder: string
  plan: Plan
  clock: Clock
  /** Ends it, until the files change places; nothing was changed then. */
  signal: AbortSignal
  tell: Tell
}

export interface Restored {
  /** What was there: its name before, and now. */
  aside: { from: string; to: string }[]
  /** Databases that were damaged, so nobody could be asked whether they are open. */
  unasked: string[]
}

/**
 * Checks all of a backup, then exchanges the files. While it works no server can open the databases.
 * @throws StartFailure when one of them is open, or the backup cannot be used; what was there is there then
 */
export async function restoreBackup({
  folder,
  plan,
  clock,
  signal,
  tell,
}: RestoreOptions): Promise<Restored> {
  const { moves } = plan
  const lake = moves.find(({ role }) => role === 'lake')
  if (lake && isWithin(folder, lake.target))
    throw new StartFailure(`The backup is in the lake that it would replace: ${folder}`, 'move it elsewhere')
  const holds: Held[] = []
  const unasked: string[] = []
  const drafts: string[] = []
  let at = dirname(folder)
  try {
    for (const { role, target } of moves) {
      if (!isDatabase(role) || !existsSync(target)) continue
      const held = holdAlone(target)
      holds.push(held)
      if (!held.whole) unasked.push(target)
    }
    const now = clock.now()
    prepareFolders(moves, now)
    const staged: (string | null)[] = []
    for (const move of moves) {
      signal.throwIfAborted()
      at = dirname(move.target)
      const draft = move.files === null ? null : draftOf(move)
      staged.push(draft)
      if (draft === null) continue
      drafts.push(draft)
      await stage(move, draft, { folder, now, signal, tell })
    }
    signal.throwIfAborted()
    const aside = exchange(
      moves.map((move, index) => ({
        draft: staged[index] ?? null,
        target: move.target,
        present: presentAt(move),
      })),
      stampOf(now),
    )
    return { aside, unasked }
  } catch (error) {
    throw diskFailure(error, at)
  } finally {
    for (const draft of drafts) rmSync(draft, { recursive: true, force: true })
    for (const held of holds) held.release()
  }
}
