/** What the gate was asked for. */
import { parseArgs } from 'node:util'

export interface Options {
  url: string
  version: string | null
  commit: string | null
  previous: string | null
  rollback: string | null
  probeBorrow: boolean
  forSeconds: number
  timeoutSeconds: number
  everySeconds: number
  p95Ms: number
  rollbackTimeoutSeconds: number
}

export const usage = `Judges a release that was just deployed: it must come up, be the right one, and stay well for a while.

Usage: npm run deploy:gate -- --url URL --commit COMMIT [options]

  --url URL               the server
  --commit COMMIT         the commit that must run (7 to 40 digits), as /version tells it
  --version VERSION       the version that must run; one of the two is needed
  --timeout SECONDS       how long it may take to come up, 1 to 3600 [180]
  --for SECONDS           how long it is watched then, 0 to 86400 [60]
  --every SECONDS         from one look to the next, 0.1 to 60 [1]
  --p95 MS                the slowest that 95 of 100 answers of /readyz may be, 1 to 60000 [1000]
  --probe-borrow          borrow a seat within the commit now and then, and give it back
  --rollback COMMAND      a command line for the shell that brings back what ran before
  --rollback-timeout S    how long that may take, 1 to 3600 [300]; then as long as --timeout to be ready again
  --previous COMMIT       what must run after it [anything else than what failed]
  -h, --help              print this

While it watches: every /readyz is 200, the right commit runs, no 5xx (also in /metrics, where that is served), no
restart, no incident opens, no error budget burns so fast that it pages.

Exit code: 0 passed, 1 failed and rolled back, 2 failed and the rollback failed too, 3 failed and there is no
--rollback, 64 not understood, 130 interrupted (nothing is rolled back then).
`

const text = { type: 'string' } as const
const flags = {
  url: text,
  commit: text,
  version: text,
  timeout: text,
  for: text,
  every: text,
  p95: text,
  rollback: text,
  'rollback-timeout': text,
  previous: text,
  'probe-borrow': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const
export const flagNames = Object.keys(flags)

const COMMIT = /^[\da-f]{7,40}$/

/** @returns the options, null when help was asked for, and every problem with them */
export function decideOptions(args: readonly string[]): { options: Options | null; problems: string[] } {
  const problems: string[] = []
  const parsed = parseArgs({
    args: [...args],
    options: flags,
    strict: false,
    tokens: true,
    allowPositionals: true,
  })
  for (const token of parsed.tokens) {
    if (token.kind === 'positional') problems.push(`${token.value}: unexpected argument`)
    if (token.kind === 'option' && !Object.hasOwn(flags, token.name))
      problems.push(`${token.rawName}: unknown option`)
  }
  const { values } = parsed
  if (values.help) return { options: null, problems: [] }

  function textOf(name: keyof typeof flags, pattern?: RegExp, must = ''): string | null {
    const value = values[name]
    if (value === undefined) return null
    if (typeof value !== 'string' || value === '') problems.push(`--${name}: needs a value`)
    else if (pattern && !pattern.test(value))
      problems.push(`--${name}: must be ${must} (it is "${value.slice(0, 60)}")`)
    else return value
    return null
  }
  function numberOf(name: keyof typeof flags, preset: number, min: number, max: number): number {
    const value = textOf(name)
    if (value === null) return preset
    const number = Number(value)
    if (number >= min && number <= max) return number
    problems.push(`--${name}: must be a number from ${min} to ${max} (it is "${value.slice(0, 60)}")`)
    return preset
  }

  const digits = '7 to 40 hexadecimal digits'
  const options: Options = {
    url: textOf('url', /^https?:\/\/[^\s/]+/, 'an http or https address') ?? '',
    version: textOf('version', /^[\w.+-]{1,64}$/, 'like 1.2.3'),
    commit: textOf('commit', COMMIT, digits),
    previous: textOf('previous', COMMIT, digits),
    rollback: textOf('rollback'),
    probeBorrow: values['probe-borrow'] === true,
    forSeconds: numberOf('for', 60, 0, 86_400),
    timeoutSeconds: numberOf('timeout', 180, 1, 3600),
    everySeconds: numberOf('every', 1, 0.1, 60),
    p95Ms: numberOf('p95', 1000, 1, 60_000),
    rollbackTimeoutSeconds: numberOf('rollback-timeout', 300, 1, 3600),
  }
  if (values.url === undefined) problems.push('--url: is needed')
  if (values.version === undefined && values.commit === undefined)
    problems.push('--commit or --version: one of them is needed, else any release would do')
  return { options, problems }
}
