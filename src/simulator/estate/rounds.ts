/** Who sends when: each resource once in an interval, at its own place in it. */
import { type Pace, phaseOf } from './pace.ts'
import type { AnyResource } from './plan.ts'

export interface Rounds {
  /** Calls for each sample that is due after `from` and up to `to`, in order of time. Unix ms. */
  due(from: number, to: number, visit: (resource: AnyResource, at: number) => void): void
}

export function createRounds(resources: readonly AnyResource[], pace: Pace): Rounds {
  const { intervalMs } = pace
  const order = resources
    .map(resource => ({ resource, phase: phaseOf(resource, pace) }))
    .sort((a, b) => a.phase - b.phase || a.resource.ordinal - b.resource.ordinal)

  /** The first that sends later in an interval than this. */
  function after(phase: number): number {
    let low = 0
    let high = order.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((order[middle] as { phase: number }).phase > phase) high = middle
      else low = middle + 1
    }
    return low
  }

  return {
    due(from, to, visit) {
      for (let round = Math.floor(from / intervalMs); round * intervalMs <= to; round++) {
        const start = round * intervalMs
        const end = after(to - start)
        for (let index = after(from - start); index < end; index++) {
          const { resource, phase } = order[index] as (typeof order)[number]
          visit(resource, start + phase)
        }
      }
    },
  }
}
