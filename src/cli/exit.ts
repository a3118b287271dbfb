/** How the command line ends: exit codes (sysexits.h, and those of shells), and what is said about a failure. */
import { constants } from 'node:os'
import { Denied, RequestFailed, Unreachable } from '../client/index.ts'

export const exitCodes = {
  good: 0,
  failed: 1,
  usage: 64,
  unreachable: 69,
  denied: 75,
  notExecutable: 126,
  notFound: 127,
} as const

/** What somebody typed cannot be meant. */
export class UsageError extends Error {}

/** As shells tell that a signal ended a command. */
export const signalCode = (signal: NodeJS.Signals): number => 128 + constants.signals[signal]

/** The exit code for a failure, and what to say. */
export function failureReport(error: unknown): { code: number; text: string } {
  if (error instanceof UsageError)
    return { code: exitCodes.usage, text: `${error.message}\n  Try: twinloop --help` }
  if (error instanceof Denied) {
    const { reason, message } = error
    if (reason === 'unknown_tool')
      return { code: exitCodes.failed, text: `${message}\n  Try: twinloop status` }
    const hint = reason === 'spend_cap' ? '' : '\n  Try: --wait'
    return { code: exitCodes.denied, text: `${message}${hint}` }
  }
  if (error instanceof Unreachable)
    return {
      code: exitCodes.unreachable,
      text: `${error.message} ${reasonOf(error.cause)}\n  Try: --url, or TWINLOOP_URL`,
    }
  if (error instanceof RequestFailed) {
    const isAway = error.status >= 502 && error.status <= 504
    const request = error.requestId === null ? '' : ` (request ${error.requestId})`
    return { code: isAway ? exitCodes.unreachable : exitCodes.failed, text: `${error.message}${request}` }
  }
  return { code: exitCodes.failed, text: error instanceof Error ? error.message : String(error) }
}

/** The innermost cause: "fetch failed" tells nobody anything. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if (error.cause instanceof Error) return reasonOf(error.cause)
  return (error as NodeJS.ErrnoException).code ?? error.message
}
