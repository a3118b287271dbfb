/** What counts as now, and how lists of it are put in order. */
import { MINUTE_MS } from '../../shared/clock.ts'

/** Of what does not say its region or service, as the rollups call it. */
export const UNKNOWN = '_unknown'
export const NOT_APPLICABLE = 'N/A'

/** Since when a sample must be for its resource to count as now. */
export const sinceOf = (minutes: number, now: number): number => now - minutes * MINUTE_MS

export interface Ordered<Sort extends string> {
  sort: Sort
  order: 'asc' | 'desc'
}

/** Statements of a list, one for each order, prepared when it is first asked for. The columns are ours, never the caller's text. */
export function inOrders<Sort extends string, Statement>(
  columns: Record<Sort, string>,
  prepare: (orderBy: string) => Statement,
): (by: Ordered<Sort>) => Statement {
  const prepared = new Map<string, Statement>()
  return ({ sort, order }) => {
    const key = `${sort} ${order}`
    const known = prepared.get(key)
    if (known) return known
    const direction = order === 'asc' ? 'ASC' : 'DESC'
    const statement = prepare(`${columns[sort]} ${direction} NULLS LAST, name`)
    prepared.set(key, statement)
    return statement
  }
}
