/** The ingest of what vehicles say. */
import type { Db } from '../../db/open.ts'
import type { Handlers } from '../commands.ts'
import { arrive, setAside } from './arrive.ts'
import type { TelemetryCommands } from './commands.ts'
import { keptMs } from './retention.ts'
import { createTelemetryStore } from './store.ts'
import type { Uplinks } from './uplinks.ts'
import { createWorkingSet } from './working-set.ts'

export interface TelemetryOptions {
  uplinks: Uplinks
  /** How long samples are kept, in ms. */
  keepMs: number
  /** How large the database may become: beyond it, samples go sooner. */
  maxBytes: number
  vehiclesMax: number
}

export interface Telemetry {
  handlers: Handlers<TelemetryCommands>
  /** Writes what the messages of this transaction changed: before anybody else reads, and at its end. */
  flush(now: number): void
  /** Forgets it: the transaction was rolled back. */
  drop(): void
}

export function createTelemetry(db: Db, options: TelemetryOptions): Telemetry {
  const store = createTelemetryStore(db)
  const set = createWorkingSet(store)
  const parts = { store, set, ...options }
  return {
    handlers: {
      arrive: (arrival, deciding) => arrive(arrival, deciding, parts),
      set_aside: ({ arrival, detail }, deciding) =>
        setAside(arrival, { dead: 'fault', detail: detail.slice(0, 200) }, deciding, parts),
      all_offline: () => ({ vehicles: store.allOffline() }),
      prune: ({ after }, { now }) => {
        const kept = keptMs(options.keepMs, now - store.oldestAt(now), store.usedBytes(), options.maxBytes)
        return store.prune(now - kept, after)
      },
    },
    flush: set.flush,
    drop: set.drop,
  }
}
