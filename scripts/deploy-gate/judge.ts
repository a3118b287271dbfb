/** The rules of the gate. Pure. */
import { type Answer, said } from './ask.ts'
import type { Look, Running } from './look.ts'

/** What should run; null: whatever. */
export interface Expected {
  version: string | null
  commit: string | null
}

/** A commit is known by its first digits, at least seven of them. */
const COMMIT_DIGITS = 7

/** Whether two commits are the same, although one may be shortened. */
export function isSameCommit(one: string, other: string): boolean {
  const length = Math.min(one.length, other.length)
  return length >= COMMIT_DIGITS ? one.slice(0, length) === other.slice(0, length) : one === other
}

export function isExpected(running: Running | null, { version, commit }: Expected): boolean {
  if (running === null) return false
  const isVersion = version === null || running.version === version
  return isVersion && (commit === null || isSameCommit(running.commit, commit))
}

/** A version and a commit in words for people. */
export const named = ({ version, commit }: Expected): string =>
  [version, commit && `(${commit.slice(0, 12)})`].filter(Boolean).join(' ')

/** The value that 95 of 100 do not exceed (nearest rank); 0: there is none. */
export function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0
}

/** Every reason that a look gives against the release. @param first the first look of the watch */
export function problemsOf(now: Look, first: Look, expected: Expected): string[] {
  const problems: string[] = []
  if (now.ready.status !== 200) problems.push(`/readyz: ${said(now.ready)}`)
  if (isServerError(now.version)) problems.push(`/version: ${said(now.version)}`)
  else if (!isExpected(now.running, expected))
    problems.push(`${runs(now)} instead of ${named(expected)}; it was right before`)
  for (const objective of now.delivery?.paging ?? [])
    problems.push(`the error budget of ${objective} burns so fast that it pages`)
  if (now.delivery && first.delivery && now.delivery.newestIncident > first.delivery.newestIncident)
    problems.push(`incident ${now.delivery.newestIncident} opened`)
  if (now.process && first.process) {
    const more = now.process.serverErrors - first.process.serverErrors
    if (now.process.startedAt !== first.process.startedAt) problems.push('the server restarted')
    else if (more > 0) problems.push(`${more} requests were answered with 5xx (http_requests_total)`)
  }
  return problems
}

const isServerError = ({ status }: Answer) => status === 0 || status >= 500

/** What runs, in words for people. */
export const runs = ({ running, version }: Pick<Look, 'running' | 'version'>): string =>
  running ? `${named(running)} runs` : `/version says ${said(version)}`
