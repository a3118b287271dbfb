/** What was typed, as far as it is understood. */
import { parseArgs } from 'node:util'
import { UsageError } from './exit.ts'

export interface Arguments {
  /** Null: none was named. */
  command: string | null
  /** What follows the command. */
  words: string[]
  /** What follows `--`; null: there is no `--`. */
  program: string[] | null
  url: string | undefined
  user: string | undefined
  /** How long to wait for a seat, in seconds; 0: not at all. */
  waitSeconds: number
  onLost: 'stop' | 'continue'
  json: boolean
  help: boolean
  version: boolean
  /** The names of the options that were given. */
  given: string[]
}

const WAIT_SECONDS = 300
const WAIT_MAX_SECONDS = 24 * 3600

/** @throws UsageError */
export function readArguments(argv: readonly string[]): Arguments {
  const split = argv.indexOf('--')
  const own = split === -1 ? argv : argv.slice(0, split)
  const { values, positionals } = parsed(withWaitValue(own))
  const [command = null, ...words] = positionals
  const { url, user, wait, json = false, help = false, version = false } = values
  const onLost = values['on-lost'] ?? 'continue'
  if (onLost !== 'stop' && onLost !== 'continue') throw new UsageError('--on-lost: is stop or continue')
  const waitSeconds = wait === undefined ? 0 : Number(wait)
  if (!(waitSeconds >= 0 && waitSeconds <= WAIT_MAX_SECONDS) || wait === '')
    throw new UsageError(`--wait: is a number of seconds, at most ${WAIT_MAX_SECONDS}`)
  return {
    command,
    words,
    program: split === -1 ? null : argv.slice(split + 1),
    url,
    user,
    waitSeconds,
    onLost,
    json,
    help,
    version,
    given: Object.keys(values),
  }
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        user: { type: 'string' },
        wait: { type: 'string' },
        'on-lost': { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    })
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split(/\.\s|\n/)
    throw new UsageError(sentence)
  }
}

/** The seconds after `--wait` may be left out. */
function withWaitValue(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    if (arg === '--wait') return isNumber(args[index + 1]) ? [] : [`--wait=${WAIT_SECONDS}`]
    return args[index - 1] === '--wait' && isNumber(arg) ? [`--wait=${arg}`] : [arg]
  })
}

const isNumber = (text: string | undefined) => text !== undefined && /^\d+(\.\d+)?$/.test(text)
