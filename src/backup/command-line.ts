/** The flags of `backup` and `restore`, and the configuration that the server would have. */
import { readBuildInfo } from '../config/build-info.ts'
import { type Config, decideConfig } from '../config/config.ts'
import { readEnvironment } from '../config/env.ts'
import { StartFailure } from '../shared/errors.ts'
import { type Flag, type Read, readFlags } from '../shared/flags.ts'

export const EX_USAGE = 64

/**
 * Reads the flags of this process.
 * @param helpLine what to try when they are wrong
 * @throws StartFailure (exit code 64) that lists every problem
 */
export function flagsOf<const F extends Record<string, Flag>>(
  flags: F,
  positionalsMax: number,
  helpLine: string,
): Read<F> {
  const read = readFlags(process.argv.slice(2), flags, positionalsMax)
  if (read.problems.length > 0 && !read.help) throw usage(read.problems, helpLine)
  return read
}

export const usage = (problems: readonly string[], helpLine: string): StartFailure =>
  new StartFailure(problems.join('\n'), helpLine, EX_USAGE)

/** What the server would use. @param db of `--db` @throws StartFailure (exit code 78) that lists every problem */
export function serverConfig(db: string | null): Config {
  return decideConfig(readEnvironment(db === null ? [] : ['--db', db]), readBuildInfo())
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
