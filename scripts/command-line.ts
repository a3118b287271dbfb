/** Flags of a script: `--help`, defaults, and every problem at once. */
import { parseArgs } from 'node:util'

const EX_CONFIG = 78

/** A flag that takes a text, or a number with its bounds. */
export type Flag =
  | { preset: string; check?: (text: string) => string | null }
  | { preset: number; min: number; max: number }
type Values<F extends Record<string, Flag>> = {
  [N in keyof F]: F[N]['preset'] extends number ? number : string
}

/**
 * Reads the flags of this process. Prints the help and ends, or prints what is wrong and ends with exit code 78.
 * @param help the text of `--help`
 * @param args left out: all that the process was given
 */
export function commandLine<const F extends Record<string, Flag>>(
  help: string,
  flags: F,
  args: string[] = process.argv.slice(2),
): Values<F> {
  const problems: string[] = []
  const { values, tokens } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', short: 'h' },
      ...Object.fromEntries(Object.keys(flags).map(name => [name, { type: 'string' as const }])),
    },
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  if (values.help) {
    process.stdout.write(help)
    process.exit()
  }
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`${token.value}: unexpected argument`)
    if (token.kind === 'option' && !Object.hasOwn(flags, token.name))
      problems.push(`${token.rawName}: unknown option`)
  }
  const read = Object.entries(flags).map(([name, flag]) => [name, readFlag(name, flag)])
  if (problems.length === 0) return Object.fromEntries(read)
  process.stderr.write(`${problems.map(problem => `${problem}\n`).join('')}  Try: --help\n`)
  process.exit(EX_CONFIG)

  function readFlag(name: string, flag: Flag): string | number {
    const given = values[name]
    if (given === undefined) return flag.preset
    if (typeof given !== 'string' || given === '') {
      problems.push(`--${name}: needs a value`)
      return flag.preset
    }
    if ('min' in flag) {
      const value = Number(given)
      if (!(value >= flag.min && value <= flag.max))
        problems.push(
          `--${name}: must be a number from ${flag.min} to ${flag.max} (it is "${given.slice(0, 60)}")`,
        )
      return value
    }
    const problem = flag.check?.(given)
    if (problem) problems.push(`--${name}: ${problem} (it is "${given.slice(0, 60)}")`)
    return given
  }
}
