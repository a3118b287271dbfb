/** Runs a command line with a bound on its time. */
import { spawn } from 'node:child_process'
import type { RunCommand } from './rollback.ts'

const PATIENCE_MS = 5000

/**
 * In a process group of its own: a Ctrl-C that ends the gate must not leave a rollback half done.
 * @param hurry ends the command early
 */
export const shellCommand =
  (hurry: AbortSignal): RunCommand =>
  (command, timeoutMs) =>
    new Promise(resolve => {
      const child = spawn('sh', ['-c', command], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] })
      let ended: string | null = null
      const signal = (name: NodeJS.Signals) => {
        try {
          process.kill(-(child.pid ?? 0), name)
        } catch {
          // The group is gone.
        }
      }
      const end = (why: string) => {
        ended ??= why
        signal('SIGTERM')
        setTimeout(() => signal('SIGKILL'), PATIENCE_MS).unref()
      }
      const timer = setTimeout(() => end(`was ended after ${timeoutMs / 1000} s`), timeoutMs)
      const onHurry = () => end('was ended by a second Ctrl-C')
      hurry.addEventListener('abort', onHurry)
      child.once('error', error => finish(`cannot run: ${error.message}`))
      child.once('exit', (code, name) =>
        finish(code === 0 ? null : `ended with ${name ?? `exit code ${code}`}`),
      )

      function finish(why: string | null) {
        clearTimeout(timer)
        hurry.removeEventListener('abort', onHurry)
        resolve(ended ?? why)
      }
    })
