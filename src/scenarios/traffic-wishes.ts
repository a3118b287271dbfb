/** Several may want traffic at the same time; there is one. Pure. */
import type { TrafficPlan } from './traffic-port.ts'

/** Who may want traffic, the one whose mix counts first. */
export const owners = ['scenario', 'presenter', 'race'] as const
export type Owner = (typeof owners)[number]

export interface Wish extends TrafficPlan {
  by: Owner
  /** In seconds of the traffic's own time. */
  until: number
}

/** Who is followed, and in what; null: nobody wants any. @param wishes one an owner, the newest last */
export function planOf(wishes: readonly Wish[]): Wish | null {
  const first = owners.map(owner => wishes.find(({ by }) => by === owner)).find(wish => wish !== undefined)
  if (!first) return null
  const presenter = wishes.find(({ by }) => by === 'presenter')
  if (first.by !== 'scenario' || !presenter) return first
  // A scenario needs enough traffic to be seen, but the presenter has the last word.
  const rate = wishes.at(-1) === presenter ? presenter.rate : Math.max(first.rate, presenter.rate)
  return { ...first, rate }
}
