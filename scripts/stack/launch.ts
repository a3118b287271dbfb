/** Starts the supervisor, with this terminal or without. */
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { logPath, statePath } from './commands.ts'
import type { Settings } from './settings.ts'
import { readState } from './state.ts'
import { until } from './wait.ts'

const START_MS = 180_000

/**
 * Runs the supervisor until it ends, or with `detach` until the stack is up. Signals of this terminal stop it; so does
 * the end of this process, whatever ends it.
 * @returns the exit code
 */
export async function launch(settings: Settings, args: readonly string[], detach: boolean): Promise<number> {
  const log = logPath(settings, 'stack')
  mkdirSync(dirname(log), { recursive: true })
  const output = detach ? openSync(log, 'w', 0o600) : 'inherit'
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'supervisor.ts'), ...args],
    { cwd: settings.root, detached: true, stdio: [detach ? 'ignore' : 'pipe', output, output] },
  )
  let code: number | null = null
  const exited = new Promise<number>(resolve =>
    child.once('close', ended => {
      code = ended ?? 1
      resolve(code)
    }),
  )
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => child.kill('SIGTERM'))
  if (typeof output === 'string') return exited

  closeSync(output)
  const follow = follower(log)
  const isOver = () => {
    follow()
    const state = readState(statePath(settings))
    return code !== null || (state?.supervisor.pid === child.pid && state?.isUp === true)
  }
  const isSettled = await until(isOver, START_MS)
  follow()
  if (code !== null) return code
  child.unref()
  if (!isSettled) process.stdout.write(`The stack still starts; see ${log}, or: npm run stack -- status\n`)
  return 0
}

/** @returns a function that prints what a file has gained */
function follower(path: string): () => void {
  const file = openSync(path, 'r')
  const buffer = Buffer.alloc(65_536)
  return () => {
    for (let read = 1; read > 0; ) {
      read = readSync(file, buffer, 0, buffer.length, null)
      process.stdout.write(buffer.toString('utf8', 0, read))
    }
  }
}
