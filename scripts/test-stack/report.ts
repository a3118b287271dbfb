/** What was checked, and how it went. */

export type Outcome = 'ok' | 'failed' | 'skipped'

export interface Report {
  /** Runs a check; what it throws is why it failed, a text that it returns is told beside its name. */
  check(name: string, work: () => Promise<unknown>): Promise<void>
  skip(name: string, why: string): void
  count(outcome: Outcome): number
}

/** @param say writes a line for people */
export function createReport(say: (line: string) => void): Report {
  const counts: Record<Outcome, number> = { ok: 0, failed: 0, skipped: 0 }
  function note(outcome: Outcome, name: string, more: string) {
    counts[outcome]++
    say(`${outcome.padEnd(7)}  ${name}${more === '' ? '' : `: ${more}`}`)
  }
  return {
    async check(name, work) {
      try {
        const told = await work()
        note('ok', name, typeof told === 'string' ? told : '')
      } catch (error) {
        note('failed', name, (error as Error).message)
      }
    },
    skip: (name, why) => note('skipped', name, why),
    count: outcome => counts[outcome],
  }
}
