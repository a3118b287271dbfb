import type { Client } from '../client/index.ts'
import type { Arguments } from './arguments.ts'
import type { Outside } from './outside.ts'

/** One command of the command line. */
export interface Command {
  summary: string
  /** The whole text of its `--help`. */
  help: string
  /** The options that it has beside `--url`. */
  options: readonly string[]
  /** The names of its arguments; those in brackets may be left out. */
  takes: readonly string[]
  /** @returns the exit code @throws what the client throws, and UsageError */
  run(client: Client, args: Arguments, outside: Outside): Promise<number>
}

export const urlHelp =
  '  --url URL             the server [TWINLOOP_URL, or http://localhost:8000]\n  -h, --help            print this\n'
