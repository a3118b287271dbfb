/** What a stage cannot do now, each told once until it can again. */
import type { TransformObserver } from './observer.ts'

export type Work = 'take' | 'look' | 'care' | 'forget'

export function createTroubles(
  observer: Pick<TransformObserver, 'failed' | 'recovered'>,
  changed: () => void,
) {
  const problems = new Map<Work, string>()
  let failures = 0
  return {
    /** Attempts that failed. */
    get failures() {
      return failures
    },
    /** null: nothing is known against it. */
    get problem(): string | null {
      const [first] = problems.values()
      return first ?? null
    },
    failed(work: Work, problem: string, detail: string) {
      failures++
      if (problems.get(work) === problem) return
      problems.set(work, problem)
      observer.failed(problem, detail)
      changed()
    },
    worked(work: Work) {
      if (!problems.delete(work)) return
      if (problems.size === 0) observer.recovered()
      changed()
    },
  }
}
export type Troubles = ReturnType<typeof createTroubles>
