/** What the gate was asked for. */
import { type Flag, readFlags } from '../../src/shared/flags.ts'

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

const like = (pattern: RegExp, must: string): Flag & { preset: null } => ({
  preset: null,
  check: text => (pattern.test(text) ? null : `must be ${must}`),
})
const commit = like(/^[\da-f]{7,40}$/, '7 to 40 hexadecimal digits')
const flags = {
  url: like(/^https?:\/\/[^\s/]+/, 'an http or https address'),
  commit,
  version: like(/^[\w.+-]{1,64}$/, 'like 1.2.3'),
  timeout: { preset: 180, min: 1, max: 3600 },
  for: { preset: 60, min: 0, max: 86_400 },
  every: { preset: 1, min: 0.1, max: 60 },
  p95: { preset: 1000, min: 1, max: 60_000 },
  rollback: { preset: null },
  'rollback-timeout': { preset: 300, min: 1, max: 3600 },
  previous: commit,
  'probe-borrow': { preset: false },
} as const satisfies Record<string, Flag>
export const flagNames = [...Object.keys(flags), 'help']

/** @returns the options, null when help was asked for, and every problem with them */
export function decideOptions(args: readonly string[]): { options: Options | null; problems: string[] } {
  const { values, problems, help, isGiven } = readFlags(args, flags)
  if (help) return { options: null, problems: [] }
  if (!isGiven('url')) problems.push('--url: is needed')
  if (!isGiven('version') && !isGiven('commit'))
    problems.push('--commit or --version: one of them is needed, else any release would do')
  return {
    options: {
      url: values.url ?? '',
      version: values.version,
      commit: values.commit,
      previous: values.previous,
      rollback: values.rollback,
      probeBorrow: values['probe-borrow'],
      forSeconds: values.for,
      timeoutSeconds: values.timeout,
      everySeconds: values.every,
      p95Ms: values.p95,
      rollbackTimeoutSeconds: values['rollback-timeout'],
    },
    problems,
  }
}
