/** Pools, commands and ledgers for tests: name what matters, the rest is ordinary. */
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { prepareDatabase } from '../../src/db/open.ts'
import { licensingMigrations, seedPools } from '../../src/licensing/index.ts'
import type { Borrow, Command, Ledger, SettingsChange } from '../../src/licensing/ledger.ts'
import type { Pool } from '../../src/licensing/pool.ts'
import { sqliteLedger } from '../../src/licensing/sqlite-ledger.ts'
import type { Clock } from '../../src/shared/clock.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'
import { temporaryFolder } from '../support/world.ts'

/** Three seats: two prepaid, one overage at 100.00, leases without end. */
export const aPool = (changes: Partial<Pool> = {}): Pool => ({
  tool: 'cad',
  total: 3,
  commit: 2,
  maxOverage: 1,
  commitPriceCents: 1000_00,
  overagePriceCents: 100_00,
  leaseTtlSeconds: 0,
  spendCapCents: null,
  borrowed: 0,
  overageCostCents: 0,
  spendMonth: '',
  spendCents: 0,
  revision: 1,
  ...changes,
})

export const aBorrow = (changes: Partial<Extract<Command, { kind: 'borrow' }>> = {}) => ({
  kind: 'borrow' as const,
  tool: 'cad',
  user: 'alice',
  session: null,
  requestKey: null,
  ...changes,
})

/** A change of the pool that `aPool` makes. */
export const aChange = (changes: Partial<SettingsChange> = {}): Extract<Command, { kind: 'configure' }> => {
  const { tool, total, commit, maxOverage, commitPriceCents, overagePriceCents } = aPool()
  const settings = { tool, total, commit, maxOverage, commitPriceCents, overagePriceCents, ...changes }
  return { kind: 'configure', settings, ifMatch: null }
}

/** A file with these pools, closed. */
export function aDatabase(pools: readonly Pool[] = [aPool()], folder = temporaryFolder()): string {
  const path = join(folder, 'licenses.db')
  prepareDatabase({ path, busyTimeoutMs: 1000 }, [licensingMigrations], db => seedPools(db, pools))
  return path
}

export interface LedgerOptions {
  path: string
  clock: Clock
  inline?: boolean
  /** Another make of the ledger, such as the built one. */
  make?: typeof sqliteLedger
  busyTimeoutMs?: number
  onExpired?: (borrows: Borrow[]) => void
}

/** A ledger on a prepared file. Whoever opens it closes it. */
export const openLedger = ({
  path,
  clock,
  inline = true,
  make = sqliteLedger,
  busyTimeoutMs = 1000,
  onExpired = () => {},
}: LedgerOptions) => make({ database: { path, busyTimeoutMs }, clock, inline, onExpired })

export interface LedgerWorld {
  ledger: Ledger
  clock: FakeClock
  path: string
  /** The leases that ran out so far, as the ledger told. */
  expired: Borrow[]
  /** Grants a seat or fails the test. */
  grant(changes?: Partial<Extract<Command, { kind: 'borrow' }>>): Promise<Borrow>
}

/** A ledger of its own for one test, by the fake clock. */
export function aLedger(pools: Pool[] = [aPool()], options: Partial<LedgerOptions> = {}): LedgerWorld {
  const clock = fakeClock()
  const expired: Borrow[] = []
  const path = options.path ?? aDatabase(pools)
  const ledger = openLedger({ path, clock, onExpired: borrows => expired.push(...borrows), ...options })
  onTestFinished(() => ledger.close())
  return {
    ledger,
    clock,
    path,
    expired,
    async grant(changes) {
      const outcome = await ledger.submit(aBorrow(changes))
      if (outcome.kind !== 'granted') throw new Error(`not granted: ${JSON.stringify(outcome)}`)
      return outcome.borrow
    },
  }
}

/** How many outcomes there are of each kind. */
export function tally(outcomes: readonly { kind: string }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
