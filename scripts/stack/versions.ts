/** What version a program says it is. */
import { execFile } from 'node:child_process'

const ANSWER_MS = 10_000

/** Finds the version in what a program prints, or null: some builds carry none. */
export const versionIn = (text: string): string | null =>
  /\bversion:?\s+v?(\d+\.\d+(?:\.\d+)?)/i.exec(text)?.[1] ?? null

/** Whether a version is at least another one; parts that are absent count as 0. */
export function isAtLeast(version: string, oldest: string): boolean {
  const numbers = (text: string) => text.replace(/^v/, '').split(/[.+-]/).map(Number)
  const [have, want] = [numbers(version), numbers(oldest)]
  for (const [index, wanted] of want.entries()) {
    const had = have[index] ?? 0
    if (had !== wanted) return had > wanted
  }
  return true
}

/** What a program prints, on both streams, or null when it fails or takes too long. */
export function outputOf(
  program: string,
  args: readonly string[],
  timeoutMs = ANSWER_MS,
): Promise<string | null> {
  return new Promise(resolve => {
    execFile(program, args, { timeout: timeoutMs, killSignal: 'SIGKILL' }, (error, stdout, stderr) =>
      resolve(error ? null : `${stdout}\n${stderr}`),
    )
  })
}
