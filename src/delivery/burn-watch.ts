/** Watches what becomes of borrows, and opens an incident when a budget burns: seconds before Prometheus can. */
import type { Clock } from '../shared/clock.ts'
import type { BurnShape } from './api.ts'
import { isBurningNow, isPaging, LONGEST_SECONDS, opensByBurn, type RatioOver, thresholdOf } from './burn.ts'
import { createBurnCounts } from './burn-counts.ts'
import type { Incidents } from './incidents.ts'
import { budgetOf, demoTime, factorOf, type Objective, objectives as promised } from './objectives.ts'
import type { Incident } from './schema.ts'

export interface BurnWatch {
  /** Counts a decided borrow. */
  decided(borrow: { failed: boolean; durationMs: number }): void
  /** Opens and resolves incidents. To be called each second. @throws Failure `storage_*`; then the next call tries again */
  judge(): void
  /** Takes up what it left open in a process before. */
  resume(): void
  /** How fast each budget burns now. */
  burns(): BurnShape[]
}

interface Parts {
  clock: Clock
  incidents: Pick<Incidents, 'openForBurn' | 'resolve'>
  /** The incidents that are open. */
  open: () => Incident[]
  objectives?: readonly Objective[]
}

/** What is known of an objective that burns. */
interface Burning {
  incident: number
  /** What Alertmanager opened, it closes. */
  isOurs: boolean
  /** Monotonic ms: one left over from before is not closed until enough was seen. */
  closableAt: number
}

/** The windows that a talk is judged by. */
const [shown] = demoTime.page

export function createBurnWatch({ clock, incidents, open, objectives = promised }: Parts): BurnWatch {
  const counts = createBurnCounts(objectives.length, LONGEST_SECONDS)
  const burning = new Map<string, Burning>()
  /** Monotonic ms: when the newest incident of an objective was over. */
  const overAt = new Map<string, number>()
  const isBad = objectives.map(() => false)
  const wall = () => clock.now()

  const ratioOver = (index: number): RatioOver => {
    const at = clock.monotonic()
    return seconds => counts.ratio(index, seconds, at)
  }

  function start(objective: Objective, index: number) {
    const { name, alert } = objective
    const threshold = thresholdOf(objective, shown, demoTime)
    const since = overAt.get(name) ?? Number.NEGATIVE_INFINITY
    const began = counts.beganAt(index, threshold, shown.short, clock.monotonic(), since)
    const incident = incidents.openForBurn({ subject: name, alert, startedAt: began ?? clock.now() })
    burning.set(name, { incident: incident.row, isOurs: incident.openedBy === 'burn', closableAt: 0 })
  }

  function judgeOne(objective: Objective, index: number) {
    const known = burning.get(objective.name)
    const over = ratioOver(index)
    if (!known) {
      if (opensByBurn(objective, over)) start(objective, index)
    } else if (isBurningNow(objective, over)) known.closableAt = 0
    else if (clock.monotonic() >= known.closableAt) {
      if (known.isOurs) incidents.resolve(known.incident)
      burning.delete(objective.name)
      overAt.set(objective.name, clock.monotonic())
    }
  }

  return {
    decided({ failed, durationMs }) {
      objectives.forEach((objective, index) => {
        isBad[index] = objective.by === 'failure' ? failed : durationMs > objective.seconds * 1000
      })
      counts.add(isBad, clock.monotonic(), wall)
    },
    judge: () => objectives.forEach(judgeOne),
    resume() {
      const closableAt = clock.monotonic() + shown.long * 1000
      for (const { row, subject, openedBy } of open()) {
        if (openedBy !== 'burn') continue
        if (objectives.some(({ name }) => name === subject))
          burning.set(subject, { incident: row, isOurs: true, closableAt })
        else incidents.resolve(row)
      }
    },
    burns: () =>
      objectives.map((objective, index) => {
        const over = ratioOver(index)
        const rate = (seconds: number) => {
          const ratio = over(seconds)
          return ratio === null ? null : ratio / budgetOf(objective)
        }
        const spent = rate(demoTime.periodSeconds)
        return {
          objective: objective.name,
          title: objective.title,
          target: objective.target,
          long: rate(shown.long),
          short: rate(shown.short),
          long_seconds: shown.long,
          short_seconds: shown.short,
          factor: factorOf(shown, demoTime),
          paging: isPaging(objective, over, demoTime),
          budget_left: spent === null ? null : 1 - spent,
        }
      }),
  }
}
