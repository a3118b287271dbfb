/**
 * Which past is told, kept beside the database. Who is stopped in the middle of it leaves hours of which some samples
 * are there: told again, with the same spans, they are the same samples, and what came before counts once.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { HOUR_MS, missingPast, type Span } from './missing-past.ts'

const span = z.object({ from: z.int(), until: z.int() })
const kept = z.object({
  /** Of another estate nothing was told. */
  servers: z.int(),
  seed: z.int(),
  told: z.array(span),
  telling: z.array(span),
})
type Kept = z.output<typeof kept>

const hoursOf = ({ from, until }: Span) =>
  Array.from({ length: Math.max(0, Math.ceil((until - from) / HOUR_MS)) }, (_, n) => from + n * HOUR_MS)

export function createPastPlan(file: string, estate: Pick<Kept, 'servers' | 'seed'>) {
  let plan: Kept = { ...estate, told: [], telling: [] }

  function read(): Kept {
    try {
      const found = kept.parse(JSON.parse(readFileSync(file, 'utf8')))
      if (found.servers === estate.servers && found.seed === estate.seed) return found
    } catch {
      // None yet, or no plan: what is known decides.
    }
    return plan
  }
  function keep() {
    writeFileSync(`${file}.draft`, JSON.stringify(plan))
    renameSync(`${file}.draft`, file)
  }

  return {
    /**
     * @param past all that should be there, Unix ms
     * @param known the hours that have samples
     * @returns what to tell now
     */
    begin(past: Span, known: readonly number[]): Span[] {
      const before = read()
      const isRecent = ({ until }: Span) => until > past.from
      // Where nothing is known, what was told is gone.
      const isGone = known.length === 0
      const told = isGone ? [] : before.told.filter(isRecent)
      const again = [...(isGone ? before.told : []), ...before.telling].filter(isRecent)
      const there = [...told, ...again].flatMap(hoursOf)
      plan = { ...estate, told, telling: [...again, ...missingPast(past, [...known, ...there])] }
      keep()
      return plan.telling
    },
    /** All of it has arrived. */
    end() {
      if (plan.telling.length === 0) return
      plan = { ...plan, told: [...plan.told, ...plan.telling], telling: [] }
      keep()
    },
  }
}
