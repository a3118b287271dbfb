/** `twinloop borrow TOOL [-- COMMAND …]`. */
import type { Client, Seat } from '../client/index.ts'
import type { Arguments } from './arguments.ts'
import { type Command, urlHelp } from './command.ts'
import { failureReport, signalCode, UsageError } from './exit.ts'
import { runProgram } from './hold.ts'
import type { Outside, StopSignal } from './outside.ts'

export const borrowCommand: Command = {
  summary: 'take a seat; with -- COMMAND, hold it while the command runs',
  help: `Takes a seat, holds it while a command runs, and gives it back whatever way the command ends.
Without a command it prints the id of the seat, which stays held until it is returned or its lease is over.

Usage: twinloop borrow TOOL [options] [-- COMMAND [ARGUMENTS]]

  --user NAME           who borrows [the login name]
  --wait [SECONDS]      wait for a free seat, at most so long [300]
  --on-lost WHAT        stop or continue: what becomes of the command when the seat is lost [continue]
  --json                without a command: print the borrow as JSON
${urlHelp}
The command finds TWINLOOP_BORROW_ID, TWINLOOP_TOOL and TWINLOOP_EXPIRES_AT (empty: never; the lease is renewed
before) in its environment. SIGINT, SIGTERM and SIGHUP are passed on to it.

Exit codes: that of the command, 128 + n when signal n ended it, 126 and 127 when it cannot be started;
75 no seat now, 69 no answer from the server, 64 usage, 1 failed.
`,
  options: ['user', 'wait', 'on-lost', 'json'],
  takes: ['TOOL'],
  async run(client, args, outside) {
    const user = args.user ?? outside.loginName()
    if (user === null) throw new UsageError('--user is needed: nobody is logged in by a name')
    return args.program === null
      ? printSeat(await take(client, user, args, false), args, outside)
      : holdWhile(args.program, client, user, args, outside)
  },
}

const take = (client: Client, user: string, args: Arguments, renew: boolean, signal?: AbortSignal) =>
  client.borrow({ tool: args.words[0] ?? '', user, waitMs: args.waitSeconds * 1000, renew, signal })

function printSeat(seat: Seat, { json }: Arguments, { out, err }: Outside): number {
  const { id, tool, user, borrowedAt, expiresAt, isOverage, overageCharge } = seat
  if (json)
    out.write(`${JSON.stringify({ id, tool, user, borrowedAt, expiresAt, isOverage, overageCharge })}\n`)
  else {
    out.write(`${id}\n`)
    err.write(`Held ${expiresAt === null ? 'until it is returned' : `until ${expiresAt.toISOString()}`}.\n`)
  }
  return 0
}

async function holdWhile(
  program: string[],
  client: Client,
  user: string,
  args: Arguments,
  outside: Outside,
): Promise<number> {
  const giveUp = new AbortController()
  let stoppedBy: StopSignal | null = null
  const waiting = outside.onSignal(signal => {
    stoppedBy = signal
    giveUp.abort()
  })
  let seat: Seat
  try {
    seat = await take(client, user, args, true, giveUp.signal)
  } catch (error) {
    if (stoppedBy === null) throw error
    return signalCode(stoppedBy)
  } finally {
    waiting()
  }
  try {
    return await runProgram(program, seat, args.onLost, outside)
  } finally {
    await giveBack(seat, outside)
  }
}

/** The command has ended as it has: a seat that cannot be given back is told, and changes no exit code. */
async function giveBack(seat: Seat, { err, onSignal }: Outside): Promise<void> {
  // Whoever presses Ctrl-C again would leave the seat behind.
  const off = onSignal(() => {})
  try {
    await seat.return()
  } catch (error) {
    const end =
      seat.expiresAt === null ? `twinloop return ${seat.id}` : `it ends ${seat.expiresAt.toISOString()}`
    err.write(`twinloop: the seat could not be given back (${end}): ${failureReport(error).text}\n`)
  } finally {
    off()
  }
}
