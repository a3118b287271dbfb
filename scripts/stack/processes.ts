/** Starts, recognises and ends processes. */
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import type { Command } from './commands.ts'
import { outputOf } from './versions.ts'
import { until } from './wait.ts'

export interface Exit {
  /** As a shell would say it: 128 and the signal's number when a signal ended it. */
  code: number
  why: string
}

export interface Child {
  pid: number | null
  exited: Promise<Exit>
  isRunning(): boolean
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 } as Partial<
  Record<NodeJS.Signals, number>
>
const CANNOT_RUN = 126
const KILLED_MS = 5000

/**
 * Starts a command in a process group of its own, so that Ctrl-C reaches it in our order only.
 * @param log the file that gets what it prints; it starts empty and only its owner can read it
 */
export function start(
  command: Command,
  options: { cwd: string; env: NodeJS.ProcessEnv; log: string; quiet?: boolean },
): Child {
  const output = openSync(options.log, 'w', 0o600)
  const child = spawn(command.program, command.args, {
    cwd: options.cwd,
    env: { ...options.env, ...command.env },
    detached: true,
    stdio: ['ignore', options.quiet ? 'ignore' : output, output],
  })
  closeSync(output)
  let running = true
  const exited = new Promise<Exit>(resolve => {
    child.once('error', error => resolve({ code: CANNOT_RUN, why: error.message }))
    child.once('exit', (code, signal) =>
      resolve(
        signal === null
          ? { code: code ?? 0, why: `exit code ${code}` }
          : { code: 128 + (SIGNALS[signal] ?? 0), why: `ended by ${signal}` },
      ),
    )
  }).then(exit => {
    running = false
    return exit
  })
  return { pid: child.pid ?? null, exited, isRunning: () => running }
}

/** When a process began, in words of the system; null when there is none. Tells a process from a later one with its id. */
export async function birthOf(pid: number): Promise<string | null> {
  if (!existsSync('/proc/self/stat'))
    return (await outputOf('ps', ['-o', 'lstart=', '-p', String(pid)]))?.trim() || null
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    const [state, birth] = [fields[0], fields[19]]
    return state === 'Z' || birth === undefined ? null : birth
  } catch {
    return null
  }
}

/** Sends a signal to a process and to what it started. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name)
  } catch {
    // The group is gone.
  }
}

export interface Patience {
  /** How long it may take to end by itself. */
  ms: number
  /** Ends the patience early. */
  hurry?: AbortSignal
}

/** Asks a process group to end, and ends it when it has not in time. Nothing of the group remains. */
export async function end(
  pid: number,
  isRunning: () => boolean | Promise<boolean>,
  { ms, hurry }: Patience,
): Promise<void> {
  const isGone = async () => !(await isRunning())
  if (await isGone()) return
  signal(pid, 'SIGTERM')
  await until(async () => hurry?.aborted || (await isGone()), ms)
  signal(pid, 'SIGKILL')
  await until(isGone, KILLED_MS)
}
