/** Goes back to what ran before, and sees that it runs. */

import { untilUp, type Waiting } from './gate.ts'
import { type Expected, isExpected, named } from './judge.ts'

/** Runs a command line in a shell. @returns why it failed; null: it did not */
export type RunCommand = (command: string, timeoutMs: number) => Promise<string | null>

export interface Rollback {
  command: string
  run: RunCommand
  /** How long the command may run, ms. */
  timeoutMs: number
  /** What must not run any more. */
  failed: Expected
  /** What ran before; null: not known, so anything but what failed. */
  previous: string | null
  /** The wait for it. */
  waiting: Waiting
}

/** @returns why it failed; null: what ran before runs again and is ready */
export async function rollBack(rollback: Rollback): Promise<string | null> {
  const { command, run, timeoutMs, failed, previous, waiting } = rollback
  waiting.say(`back    ${command}`)
  const why = await run(command, timeoutMs)
  if (why !== null) return `the command ${why}`
  const before = previous === null ? null : { version: null, commit: previous }
  const problem = await untilUp(
    waiting,
    running => (before ? isExpected(running, before) : running !== null && !isExpected(running, failed)),
    before ? named(before) : `anything but ${named(failed)}`,
  )
  return problem
}
