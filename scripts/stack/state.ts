/** What is kept of a running stack, so that other terminals and later runs know it. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { birthOf, end, type Patience } from './processes.ts'
import type { Row } from './table.ts'

/** A process that cannot be mistaken for a later one with the same id. */
export interface Identity {
  pid: number
  birth: string
}

export interface StackState {
  supervisor: Identity
  isUp: boolean
  members: ({ name: string } & Identity)[]
  rows: Row[]
}

/** The state that a file holds; null when there is none or it cannot be understood. */
export function readState(path: string): StackState | null {
  try {
    const state = JSON.parse(readFileSync(path, 'utf8'))
    const isIdentity = ({ pid, birth }: Identity) => Number.isInteger(pid) && typeof birth === 'string'
    return [state.supervisor, ...state.members].every(isIdentity) && Array.isArray(state.rows) ? state : null
  } catch {
    return null
  }
}

/** Replaces the file in one step, so that no reader sees half of it. */
export function writeState(path: string, state: StackState): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, JSON.stringify(state, null, 2))
  renameSync(`${path}.new`, path)
}

export const forgetState = (path: string): void => rmSync(path, { force: true })

/** @returns who has this process id now, or null when nobody has */
export async function identify(pid: number): Promise<Identity | null> {
  const birth = await birthOf(pid)
  return birth === null ? null : { pid, birth }
}

/** Whether this very process is still there. */
export const isAlive = async ({ pid, birth }: Identity): Promise<boolean> => (await birthOf(pid)) === birth

/** Ends the parts of a stack whose supervisor is gone, the last one first. */
export async function endLeftovers(
  state: StackState,
  say: (line: string) => void,
  patience: Patience,
): Promise<void> {
  for (const { name, ...member } of state.members.toReversed()) {
    const isRunning = () => isAlive(member)
    if (!(await isRunning())) continue
    say(`${name}: stopping what an earlier stack left (process ${member.pid})`)
    await end(member.pid, isRunning, patience)
  }
}
