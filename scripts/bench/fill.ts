import { Database } from '../../src/db/driver.ts'
import { TOKEN } from './server.ts'

/** Opens the pool so wide that no borrow of the bench is refused. */
export async function widenPool(url: string): Promise<void> {
  const response = await fetch(`${url}/config/budget`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({
      tool: 'cad_tool',
      total: 1_000_000,
      commit: 1_000_000,
      max_overage: 0,
      commit_price: 1000,
      overage_price_per_license: 100,
    }),
  })
  if (!response.ok) throw new Error(await response.text())
}

const DAY_MS = 86_400_000
const DAYS = 30

/** Adds ended borrows of the last month straight to the file, as years of use would leave them. */
export function addHistory(dbPath: string, borrows: number): void {
  const db = new Database(dbPath)
  db.pragma('synchronous = OFF')
  db.pragma('foreign_keys = OFF')
  const start = Date.now() - DAYS * DAY_MS
  const stepMs = ((DAYS - 1) * DAY_MS) / borrows
  db.prepare(
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < @borrows)
     INSERT INTO borrows (row, id, tool, user, session, borrowed_at, expires_at, is_overage, ended_at, end_reason)
     SELECT (at - 1577836800000) * 4096 + i % 4096,
            printf('%08x-%04x-7%03x-8%03x-%012x', at / 65536, at % 65536, i % 4096, i / 4096 % 4096, i),
            'cad_tool', 'user-' || (i % 500), NULL, at, at + 7200000, 0, at + 60000, 'returned'
     FROM (SELECT i, CAST(@start + i * @stepMs AS INTEGER) AS at FROM n)`,
  ).run({ borrows, start, stepMs })
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}
