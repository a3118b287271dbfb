/** The license server: pools, borrows, budget and overage. The only door to this folder. */

import type { OpenOptions } from '../db/open.ts'
import type { Topic } from '../http/event-streams.ts'
import type { Operations } from '../http/operation.ts'
import type { Log } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics.ts'
import { type Clock, monthOf } from '../shared/clock.ts'
import type { ActivityFrame, PoolsFrame } from './api.ts'
import { createLicensingEvents, type DecidedBorrow } from './events.ts'
import { type Disturbance, gatedLedger } from './gated-ledger.ts'
import type { Ledger } from './ledger.ts'
import { createLiveView } from './live-view.ts'
import { type QuietSeats, quietSeats } from './quiet-seats.ts'
import { revokeAll } from './revoke-all.ts'
import { serveLicensing, type Visitors } from './routes.ts'
import { publicBorrowShape, statusShape } from './shapes.ts'
import { sqliteLedger } from './sqlite-ledger.ts'
import { createSweeper } from './sweeper.ts'

export type { DecidedBorrow } from './events.ts'
export { licensingMigrations } from './migrations.ts'
export { seedPools } from './seed.ts'
export { newestTime } from './store.ts'

export interface LicensingOptions {
  database: OpenOptions
  clock: Clock
  log: Log
  metrics: Metrics
  visitors: Visitors
  /** Decide on the caller's thread: for tests that own the time. */
  inline: boolean
  /** Stands around each borrow and return. */
  disturbance?: Disturbance
  /** Told of every decided borrow, once. */
  onDecided?: (decided: DecidedBorrow) => void
}

export interface Licensing {
  ledger: Ledger
  /** Past what stands around the ledger. */
  quietSeats: QuietSeats
  serve(operations: Operations): void
  /** Gives back every seat that is held. @returns how many @throws Failure `storage_*` */
  revokeAll(requestId: string): Promise<number>
  /** What live pages draw. */
  topics: Record<'pools' | 'activity', Topic>
  /** Gives back the seats of leases that ran out, now and from now on. */
  start(): Promise<void>
  stop(): Promise<void>
}

const BORROWS_SHOWN = 20

export function createLicensing(options: LicensingOptions): Licensing {
  const { database, clock, log, metrics, visitors, inline, disturbance, onDecided } = options
  const live = createLiveView(clock)
  const events = createLicensingEvents({ log, metrics, live, ledger: () => ledger, onDecided })
  const sqlite = sqliteLedger({
    database,
    clock,
    inline,
    onExpired: borrows => borrows.forEach(events.expired),
  })
  const ledger = disturbance ? gatedLedger(sqlite, disturbance) : sqlite
  const sweeper = createSweeper({ ledger, log })

  async function poolsFrame(): Promise<Omit<PoolsFrame, 'at'>> {
    const month = monthOf(clock.now())
    const { rows, total } = await ledger.openBorrows({ limit: BORROWS_SHOWN, offset: 0 })
    return {
      pools: (await ledger.pools()).map(pool => statusShape(pool, month)),
      borrows: rows.map(publicBorrowShape),
      open_borrows: total,
    }
  }

  return {
    ledger,
    quietSeats: quietSeats(sqlite),
    revokeAll: requestId => revokeAll(ledger, events, requestId),
    serve: operations => serveLicensing(operations, { ledger, events, visitors, clock }),
    topics: {
      pools: { everyMs: 250, produce: poolsFrame },
      activity: { everyMs: 1000, produce: async (): Promise<Omit<ActivityFrame, 'at'>> => live.frame() },
    },
    start: sweeper.start,
    async stop() {
      sweeper.stop()
      await ledger.close()
    },
  }
}
