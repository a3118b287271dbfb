/** From what was typed to an exit code. */
import { createClient } from '../client/index.ts'
import { type Arguments, readArguments } from './arguments.ts'
import { borrowCommand } from './borrow.ts'
import { renewCommand, returnCommand } from './by-id.ts'
import type { Command } from './command.ts'
import { exitCodes, failureReport, UsageError } from './exit.ts'
import type { Outside } from './outside.ts'
import { statusCommand } from './status.ts'
import { watchCommand } from './watch.ts'

const URL_PRESET = 'http://localhost:8000'
/** Somebody sits there and waits. */
const retry = { attempts: 5, totalMs: 15_000 }

const commands: Record<string, Command> = {
  borrow: borrowCommand,
  status: statusCommand,
  return: returnCommand,
  renew: renewCommand,
  watch: watchCommand,
}

const overview = `Borrows seats of a Twinloop license server.

Usage: twinloop COMMAND [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`)
  .join('\n')}

  --url URL      the server [TWINLOOP_URL, or ${URL_PRESET}]
  -h, --help     print this; after a command, its own help
  -v, --version  print the version

Exit codes: 0 good; 1 failed; 64 usage; 69 no answer from the server; 75 no seat now.
`

/** @returns the exit code */
export async function runCommandLine(argv: readonly string[], outside: Outside): Promise<number> {
  try {
    return await run(readArguments(argv), outside)
  } catch (error) {
    const { code, text } = failureReport(error)
    outside.err.write(`twinloop: ${text}\n`)
    return code
  }
}

async function run(args: Arguments, outside: Outside): Promise<number> {
  if (args.version) return print(`${outside.version}\n`)
  if (args.command === null) {
    if (args.help) return print(overview)
    throw new UsageError('a command is needed')
  }
  if (!Object.hasOwn(commands, args.command)) throw new UsageError(`there is no command ${args.command}`)
  const command = commands[args.command] as Command
  if (args.help) return print(command.help)
  check(args, command)
  const url = args.url ?? outside.env.TWINLOOP_URL ?? URL_PRESET
  if (!/^https?:/i.test(url) || !URL.canParse(url)) throw new UsageError(`${url} is no http address`)
  return command.run(createClient({ url, retry, ...outside.clientOptions }), args, outside)

  function print(text: string): number {
    outside.out.write(text)
    return exitCodes.good
  }
}

function check({ command, words, program, given }: Arguments, { options, takes }: Command) {
  const unfit = given.find(name => ![...options, 'url'].includes(name))
  if (unfit) throw new UsageError(`${command} has no --${unfit}`)
  if (words.length > takes.length) throw new UsageError(`${words[takes.length]}: unexpected argument`)
  const missing = takes[words.length]
  if (missing && !missing.startsWith('[')) throw new UsageError(`${command}: ${missing} is needed`)
  if (program && command !== 'borrow') throw new UsageError(`${command} takes no command after --`)
  if (program?.length === 0) throw new UsageError('a command is needed after --')
}
