/** The flags of `backup` and `restore`, and the configuration that the server would have. */
import { parseArgs } from 'node:util'
import { readBuildInfo } from '../config/build-info.ts'
import { type Config, decideConfig } from '../config/config.ts'
import { readEnvironment } from '../config/env.ts'
import { StartFailure } from '../shared/errors.ts'

export const EX_USAGE = 64

export interface CommandLine {
  /** What was given, by the flag's name. */
  text: Record<string, string>
  isOn: (flag: string) => boolean
  positionals: string[]
}

/**
 * @param flags of this command, each with its kind
 * @param helpLine what to try when they are wrong
 * @throws StartFailure (exit code 64) that lists every problem
 */
export function readFlags(
  args: readonly string[],
  flags: Record<string, 'string' | 'boolean'>,
  positionalsMax: number,
  helpLine: string,
): CommandLine {
  const problems: string[] = []
  const text: Record<string, string> = {}
  const on = new Set<string>()
  const positionals: string[] = []
  const { tokens } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h' },
      ...Object.fromEntries(Object.entries(flags).map(([name, type]) => [name, { type }])),
    },
    strict: false,
    tokens: true,
    allowPositionals: true,
  })
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (positionals.length < positionalsMax) positionals.push(token.value)
      else problems.push(`${token.value}: unexpected argument`)
    }
    if (token.kind !== 'option') continue
    const { name, rawName, value } = token
    const type = name === 'help' ? 'boolean' : Object.hasOwn(flags, name) ? flags[name] : undefined
    if (type === undefined) problems.push(`${rawName}: unknown option`)
    else if (type === 'boolean') {
      if (value === undefined) on.add(name)
      else problems.push(`${rawName}: takes no value`)
    } else if (!value || value.startsWith('--')) problems.push(`${rawName}: needs a value`)
    else text[name] = value
  }
  if (problems.length > 0 && !on.has('help')) throw usage(problems, helpLine)
  return { text, isOn: flag => on.has(flag), positionals }
}

export const usage = (problems: readonly string[], helpLine: string): StartFailure =>
  new StartFailure(problems.join('\n'), helpLine, EX_USAGE)

/** What the server would use. @param db of `--db` @throws StartFailure (exit code 78) that lists every problem */
export function serverConfig(db: string | undefined): Config {
  return decideConfig(readEnvironment(db === undefined ? [] : ['--db', db]), readBuildInfo())
}

/** Runs a command to its exit code; an interruption ends it in order. */
export async function runCommand(command: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const abort = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () =>
      abort.abort(new StartFailure('Interrupted. Nothing was changed', 'run it again')),
    )
  try {
    await command(abort.signal)
  } catch (error) {
    const shown = abort.signal.aborted ? abort.signal.reason : error
    if (!(shown instanceof StartFailure)) throw error
    process.stderr.write(`\n${shown.message}\n  Try: ${shown.hint}\n\n`)
    process.exitCode = shown.exitCode
  }
}
