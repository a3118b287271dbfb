import type { EventName } from './event-names.ts'
import type { Log } from './logger.ts'

/** What is done again and again, and may fail many times in a row: a full disk needs no line each time. */
export interface FailureSeries {
  /**
   * Does it, at once; its failure is told, once until it succeeds again.
   * @param what names the series
   * @returns whether it succeeded; never rejects
   */
  attempt(what: string, work: () => unknown): Promise<boolean>
}

export function failureSeries(tell: (what: string, error: Error) => void): FailureSeries {
  const failing = new Set<string>()
  return {
    async attempt(what, work) {
      try {
        await work()
        failing.delete(what)
        return true
      } catch (error) {
        if (!failing.has(what)) tell(what, error as Error)
        failing.add(what)
        return false
      }
    },
  }
}

/** Tells it as lines whose message is `what`. */
export const loggedFailures = (log: Pick<Log, 'error'>, event: EventName): FailureSeries =>
  failureSeries((what, error) => log.error(event, what, { error: error.message }))
