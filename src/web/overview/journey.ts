import type { BorrowReply, PoolStatus } from '../../licensing/api.ts'
import { type Answer, borrow, call, giveBack } from '../api.ts'
import { newHandle } from '../handle.ts'
import { randomKey } from '../random.ts'
import { type MetricChange, metricChanges, scrape } from './metric-changes.ts'

/** What one real borrow left behind. */
export interface Journey {
  answer: Answer<BorrowReply>
  /** From the tap to the answer, as this browser saw it, in ms. */
  durationMs: number
  /** null: /metrics is not served here. */
  changes: MetricChange[] | null
  returned: boolean
}

/** Borrows a free seat, looks at the metrics around it, and gives it back whatever happened. @returns null: no seat is free */
export async function sendOne(): Promise<Journey | null> {
  const { data: pools } = await call<PoolStatus[]>('/licenses/status')
  const pool =
    pools.find(({ free, borrowed, commit }) => free > 0 && borrowed < commit) ??
    pools.find(({ free }) => free > 0)
  if (!pool) return null
  const before = await scrape()
  const startedAt = performance.now()
  const answer = await borrow(pool.tool, newHandle(), randomKey())
  const durationMs = performance.now() - startedAt
  let changes: MetricChange[] | null = null
  let returned = false
  try {
    const after = await scrape()
    if (before !== null && after !== null) changes = metricChanges(before, after)
  } finally {
    returned = (await giveBack(answer.data.id)).data.status === 'ok'
  }
  return { answer, durationMs, changes, returned }
}
