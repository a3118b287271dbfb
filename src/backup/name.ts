/** The names of backups, and of what is not one yet. */
import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { rfc3339 } from '../shared/clock.ts'

const BACKUP = /^twinloop-\d{4}-\d\d-\d\dT\d{6}Z(-\d{1,4})?$/
/** What is not finished begins with this. */
export const UNFINISHED = '.twinloop-'
const DAY_MS = 86_400_000

/** `2026-11-22T031500Z` @param at Unix ms */
export const stampOf = (at: number): string => `${rfc3339(at).slice(0, 19).replaceAll(':', '')}Z`

/** `twinloop-2026-11-22T031500Z`. @param number from 1: of several in one second */
export const backupName = (at: number, number = 1): string =>
  `twinloop-${stampOf(at)}${number === 1 ? '' : `-${number}`}`

export const isBackupName = (name: string): boolean => BACKUP.test(name)

/** Backups are told in the order in which they were made: `…Z-10` comes after `…Z-9`. */
export function byAge(a: string, b: string): number {
  const parts = (name: string) => [name.slice(0, 27), Number(name.slice(28) || 1)] as const
  const [stampA, numberA] = parts(a)
  const [stampB, numberB] = parts(b)
  return stampA === stampB ? numberA - numberB : stampA < stampB ? -1 : 1
}

const host = () => hostname().replaceAll(/[^\w]/g, '').slice(0, 40) || 'host'

/** A name for what is not finished: it tells whose it is. @param prefix as `.twinloop-` */
export const unfinishedName = (prefix: string): string =>
  `${prefix}unfinished-${host()}-${process.pid}-${randomBytes(4).toString('hex')}`

/**
 * Removes what killed runs left in a folder: at once where its process is of this machine and gone, else after a day.
 * @param now Unix ms
 */
export function removeLeftBehind(folder: string, prefix: string, now: number): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${prefix}unfinished-`)) continue
    const [of, pid] = name.slice(prefix.length + 'unfinished-'.length).split('-')
    const path = join(folder, name)
    const changedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now
    const isOver = of === host() && !isRunning(Number(pid))
    if (isOver || now - changedAt > DAY_MS) rmSync(path, { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
