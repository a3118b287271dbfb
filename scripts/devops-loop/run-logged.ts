/** Runs a command of a step: its output in a file, its progress on the screen, the end of it when it fails. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { end, start } from '../stack/processes.ts'
import { lastLines } from '../stack/tail.ts'

const PATIENCE_MS = 20_000
const LAST_LINES = 40

interface Way {
  cwd: string
  env: NodeJS.ProcessEnv
  log: string
  progress: (line: string) => void
  stopping: AbortSignal
  /** Ends the patience with a command that is to stop. */
  hurry: AbortSignal
}

/** @throws Error when it does not end with exit code 0, with the end of its output */
export async function runLogged([program = '', ...args]: readonly string[], way: Way): Promise<void> {
  const { cwd, env, log, progress, stopping, hurry } = way
  mkdirSync(dirname(log), { recursive: true })
  const { pid, exited, isRunning } = start({ program, args, env: {} }, { cwd, env, log })
  const stop = () => pid !== null && void end(pid, isRunning, { ms: PATIENCE_MS, hurry })
  if (stopping.aborted) stop()
  stopping.addEventListener('abort', stop)
  const timer = setInterval(() => progress(lastLines(log, 1)[0] ?? ''), 500)
  const { code, why } = await exited
  clearInterval(timer)
  stopping.removeEventListener('abort', stop)
  if (code === 0) return
  const lines = lastLines(log, LAST_LINES).map(line => `\n    | ${line}`)
  throw new Error(`${[program, ...args].join(' ')}: ${why}. The end of ${log}:${lines.join('')}`)
}
