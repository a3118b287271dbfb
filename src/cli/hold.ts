/** A command that runs while a seat is held. */
import { spawn } from 'node:child_process'
import type { Seat } from '../client/index.ts'
import { exitCodes, signalCode } from './exit.ts'
import type { Outside } from './outside.ts'

/** Runs a command to its end. @returns its exit code, as a shell would tell it */
export function runProgram(
  [command = '', ...args]: readonly string[],
  seat: Seat,
  onLost: 'stop' | 'continue',
  { env, err, hasTerminal, onSignal }: Outside,
): Promise<number> {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: {
        ...env,
        TWINLOOP_BORROW_ID: seat.id,
        TWINLOOP_TOOL: seat.tool,
        TWINLOOP_EXPIRES_AT: seat.expiresAt?.toISOString() ?? '',
      },
    })
    // A terminal sends Ctrl-C to the command by itself, and a second one makes many programs end at once.
    const off = onSignal(signal => {
      if (signal !== 'SIGINT' || !hasTerminal) child.kill(signal)
    })
    const lost = () => {
      const { message } = seat.signal.reason as Error
      const what = onLost === 'stop' ? 'the command is stopped' : 'the command goes on without it'
      err.write(`twinloop: ${message.replace(/\.$/, '')}; ${what}\n`)
      if (onLost === 'stop') child.kill('SIGTERM')
    }
    if (seat.signal.aborted) lost()
    else seat.signal.addEventListener('abort', lost, { once: true })

    const end = (code: number) => {
      off()
      seat.signal.removeEventListener('abort', lost)
      resolve(code)
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return // it runs; only a signal could not be sent
      err.write(`twinloop: ${command}: ${error.code === 'ENOENT' ? 'command not found' : error.message}\n`)
      end(error.code === 'ENOENT' ? exitCodes.notFound : exitCodes.notExecutable)
    })
    child.once('exit', (code, signal) =>
      end(signal === null ? (code ?? exitCodes.failed) : signalCode(signal)),
    )
  })
}
