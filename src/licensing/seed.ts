import type { Db } from '../db/open.ts'
import type { Pool } from './pool.ts'
import { createStore } from './store.ts'

const LEASE_TTL_SECONDS = 2 * 3600

const demoPool = (tool: string, total: number, commit: number, maxOverage: number): Pool => ({
  tool,
  total,
  commit,
  maxOverage,
  commitPriceCents: 1000_00,
  overagePriceCents: 100_00,
  leaseTtlSeconds: LEASE_TTL_SECONDS,
  spendCapCents: null,
  borrowed: 0,
  overageCostCents: 0,
  spendMonth: '',
  spendCents: 0,
  revision: 1,
})

export const demoPools: readonly Pool[] = [
  demoPool('analysis', 2, 1, 1),
  demoPool('cad_tool', 5, 4, 1),
  demoPool('simulation', 3, 2, 1),
]

/** Adds pools to a database that has none. */
export function seedPools(db: Db, pools: readonly Pool[] = demoPools): void {
  const store = createStore(db)
  db.$client
    .transaction(() => {
      if (store.pools().length === 0) for (const pool of pools) store.addPool(pool)
    })
    .immediate()
}
