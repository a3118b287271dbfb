/** One borrow and its return, seen wherever a borrow must show: in the answer, the list, the log, the metric. */
import type { licensingMetrics } from '../../src/licensing/metrics.ts'
import { ask, postJson, until } from '../test-stack/ask.ts'

const SEEN_MS = 15_000
const GRANTED = 'license_borrow_success_total' satisfies keyof typeof licensingMetrics
const USER = 'devops-loop'

interface Pool {
  tool: string
  free: number
}

/** @param logText the newest part of the server's log @param mark makes the request id unlike any other */
export async function seeBorrowThrough(
  url: string,
  logText: () => Promise<string>,
  mark: string,
): Promise<string> {
  const pools = await ask<Pool[]>(`${url}/licenses/status`)
  const pool = pools.find(({ free }) => free > 0)
  if (!pool) throw new Error('no pool has a free seat')
  const { tool } = pool
  const before = await granted(url, tool)
  const requestId = `devops-loop-${mark}`
  const borrow = await ask<{ id: string }>(
    `${url}/licenses/borrow`,
    postJson({ tool, user: USER }, { 'x-request-id': requestId }),
  )
  try {
    const rows = await ask<{ tool: string }[]>(`${url}/borrows?user=${USER}`)
    if (!rows.some(row => row.tool === tool))
      throw new Error(`GET /borrows does not list the borrow of ${tool}`)
  } finally {
    await ask(`${url}/licenses/return`, postJson({ id: borrow.id }))
  }
  const rows = await ask<unknown[]>(`${url}/borrows?user=${USER}`)
  if (rows.length > 0) throw new Error('GET /borrows still lists the borrow after its return')
  const after = await granted(url, tool)
  if (after <= before) throw new Error(`${GRANTED} did not count the borrow of ${tool}`)
  const isLine = (line: string) => line.includes(requestId) && line.includes('"borrow_license"')
  const { tookMs } = await until('the log line of the borrow', SEEN_MS, async () =>
    (await logText()).split('\n').some(isLine),
  )
  return `${tool}: listed, returned, counted (${GRANTED} ${after}), in the log after ${tookMs} ms`
}

async function granted(url: string, tool: string): Promise<number> {
  const answer = await fetch(`${url}/metrics`, { headers: { accept: 'text/plain' } })
  const line = (await answer.text()).split('\n').find(each => each.startsWith(`${GRANTED}{tool="${tool}"}`))
  return Number(line?.split(' ')[1] ?? 0)
}
