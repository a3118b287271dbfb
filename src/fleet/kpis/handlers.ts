/** How the writer decides what it is asked about events, snapshots and heartbeats. */
import type { Db } from '../../db/open.ts'
import { MINUTE_MS } from '../../shared/clock.ts'
import type { Handlers } from '../commands.ts'
import type { EventOutcome, KpiCommands, NewEvent } from './commands.ts'
import { createEventStore } from './event-store.ts'
import type { ApiEvent } from './schema.ts'

export function createKpiHandlers(db: Db): Handlers<KpiCommands> {
  const store = createEventStore(db)

  function record(event: NewEvent, now: number): EventOutcome {
    const known = event.key === null ? undefined : store.byKey(event.key)
    if (known) {
      if (!isSame(known, event)) return { kind: 'key_reused' }
      return { kind: 'repeated', id: known.id, timestamp: known.timestamp }
    }
    const timestamp = Math.min(event.happenedAt ?? now, now)
    return { kind: 'recorded', id: store.add(event, timestamp), timestamp }
  }

  return {
    record_events: ({ events }, { now }) => ({ outcomes: events.map(event => record(event, now)) }),
    take_snapshot({ values }, { now }) {
      const timestamp = now - (now % MINUTE_MS)
      store.saveSnapshot(timestamp, values)
      return { timestamp }
    },
    heartbeat(_nothing, { now }) {
      const minute = Math.floor(now / MINUTE_MS)
      store.beat(minute)
      return { minute }
    },
    prune_events({ keepMs, eventsMax, pieceMax }, { now }) {
      const before = now - keepMs
      const removed =
        store.pruneEvents(before, eventsMax, pieceMax) +
        store.pruneSnapshots(before, pieceMax) +
        store.pruneBeats(Math.floor(before / MINUTE_MS))
      return { removed }
    },
  }
}

/** Whether an event with a known key is told again, or another one under the same key. */
const isSame = (known: ApiEvent, told: NewEvent): boolean =>
  known.happenedAt === told.happenedAt &&
  known.endpoint === told.endpoint &&
  known.method === told.method &&
  known.statusCode === told.statusCode &&
  known.responseTimeMs === told.responseTimeMs &&
  known.clientId === told.clientId &&
  known.errorMessage === told.errorMessage
