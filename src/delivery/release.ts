/** The rules of versions. Pure. */
import type { Deployment } from './schema.ts'

const VERSION = /^(\d+)\.(\d+)\.(\d+)/

/** What the versions of the same minor line begin with. */
export function lineOf(version: string): string {
  const [, major = '0', minor = '0'] = VERSION.exec(version) ?? []
  return `${major}.${minor}.`
}

/** The next patch above the newest one of a version's line. @param known the versions of the line */
export function nextVersion(version: string, known: readonly string[]): string {
  const line = lineOf(version)
  const patches = [version, ...known]
    .filter(text => text.startsWith(line))
    .map(text => Number(VERSION.exec(text)?.[3] ?? 0))
  return `${line}${Math.max(0, ...patches) + 1}`
}

/** The deployment that a row stands for: a rollback runs an earlier one again. */
export const runningRow = ({ row, restores }: Pick<Deployment, 'row' | 'restores'>): number => restores ?? row

/** Whether a deployment's faults, and with them its time, are over. @param at Unix ms */
export const isOver = ({ faultsEndAt }: Pick<Deployment, 'faultsEndAt'>, at: number): boolean =>
  faultsEndAt !== null && faultsEndAt <= at
