/** The flags of a script: help and what is wrong end it. */
import { type Flag, type Read, readFlags } from '../src/shared/flags.ts'

const EX_CONFIG = 78

/**
 * Reads the flags of this process. Prints the help and ends, or prints what is wrong and ends with exit code 78.
 * @param help the text of `--help`
 * @param args left out: all that the process was given
 */
export function commandLine<const F extends Record<string, Flag>>(
  help: string,
  flags: F,
  args: string[] = process.argv.slice(2),
): Read<F>['values'] {
  const read = readFlags(args, flags)
  if (read.help) {
    process.stdout.write(help)
    process.exit()
  }
  if (read.problems.length === 0) return read.values
  process.stderr.write(`${read.problems.map(problem => `${problem}\n`).join('')}  Try: --help\n`)
  process.exit(EX_CONFIG)
}
