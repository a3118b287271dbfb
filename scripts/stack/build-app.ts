/** Builds the app as `npm start` does. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { logPath } from './commands.ts'
import { end, start } from './processes.ts'
import type { Settings } from './settings.ts'
import { lastLines } from './tail.ts'

const PATIENCE_MS = 2000

/** @returns whether there is a build to run */
export async function buildApp(
  settings: Settings,
  say: (line: string) => void,
  stopping: AbortSignal,
): Promise<boolean> {
  const { root, variables } = settings
  if (variables.SKIP_BUILD && existsSync(join(root, 'dist/main.js'))) return true
  say('app: building')
  const log = logPath(settings, 'build')
  const command = { program: process.execPath, args: ['--import', 'tsx', 'scripts/build.ts'], env: {} }
  const { pid, exited, isRunning } = start(command, { cwd: root, env: variables, log })
  stopping.addEventListener('abort', () => pid !== null && void end(pid, isRunning, { ms: PATIENCE_MS }))
  const { code, why } = await exited
  if (code === 0) return true
  if (stopping.aborted) return false
  say(`The build failed: ${why}.`)
  for (const line of lastLines(log, 30)) say(`  | ${line}`)
  return false
}
