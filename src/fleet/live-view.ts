/** What `/fleet` draws: read from the database, or measured here. */

import type { BrokerPort } from '../mqtt/link.ts'
import type { Rolling } from '../observability/rolling.ts'
import { type Clock, MINUTE_MS, rfc3339 } from '../shared/clock.ts'
import type { FleetFrame } from './api.ts'
import type { VehicleReports, VehicleState } from './vehicle-store.ts'

export interface NewestRelease {
  version: string
  upToDate: number
  eligible: number
}

export interface LiveViewParts {
  reports: VehicleReports
  broker: BrokerPort
  clock: Clock
  /** Messages and delays of the last minute. */
  measured: Rolling
  waiting: () => number
  deadLetters: () => number
  newestRelease: () => NewestRelease | null
}

const RATE_SECONDS = 10
/** What took long to read is read again later, so that ten thousand vehicles and many who ask hold up nobody. */
const SHARED_PER_MS = 10
/** To ask every vehicle whether it could be updated takes a while with ten thousand. */
const ELIGIBLE_EVERY_MS = 5000
const DELAY_SECONDS = 60
const TREND_MINUTES = 60
const SHOWN_MAX = 2000
const VERSIONS_MAX = 20

export function createLiveView(parts: LiveViewParts): () => Omit<FleetFrame, 'at'> {
  const { reports, broker, clock, measured, waiting, deadLetters, newestRelease } = parts

  let newest: NewestRelease | null = null
  let newestAt = Number.NEGATIVE_INFINITY
  function newestOfNow(): NewestRelease | null {
    const now = clock.monotonic()
    if (now - newestAt < ELIGIBLE_EVERY_MS) return newest
    newestAt = now
    newest = newestRelease()
    return newest
  }

  function batteryTrend(now: number) {
    const last = Math.floor(now / MINUTE_MS)
    const first = last - TREND_MINUTES + 1
    const averages = new Map(reports.batteryByMinute(first).map(({ minute, average }) => [minute, average]))
    return Array.from({ length: TREND_MINUTES }, (_, index) => ({
      at: rfc3339((first + index) * MINUTE_MS),
      average_percent: rounded(averages.get(first + index) ?? null, 10),
    }))
  }

  let frame: Omit<FleetFrame, 'at'> | undefined
  let frameUntil = 0

  return () => {
    const startedAt = clock.monotonic()
    if (frame && startedAt < frameUntil) return frame
    frame = produce()
    const madeAt = clock.monotonic()
    frameUntil = madeAt + (madeAt - startedAt) * SHARED_PER_MS
    return frame
  }

  function produce(): Omit<FleetFrame, 'at'> {
    const now = clock.now()
    const states = reports.states()
    const countOf = (state: VehicleState) =>
      states.filter(row => row.state === state).reduce((sum, { vehicles }) => sum + vehicles, 0)
    const averages = reports.averages()
    const release = newestOfNow()
    const positions = reports.positions(SHOWN_MAX)
    const delay = measured.percentile(0.95, now, DELAY_SECONDS)
    return {
      total: countOf('online') + countOf('offline') + countOf('updating'),
      online: countOf('online'),
      offline: countOf('offline'),
      updating: countOf('updating'),
      latest_version: release?.version ?? null,
      up_to_date: release?.upToDate ?? null,
      eligible: release?.eligible ?? null,
      firmware: reports.firmware().slice(0, VERSIONS_MAX),
      battery: {
        average_percent: rounded(averages?.battery ?? null, 10),
        minimum_percent: rounded(averages?.batteryMinimum ?? null, 10),
        low: averages?.batteryLow ?? 0,
        trend: batteryTrend(now),
      },
      ingest: {
        messages_per_second: measured.sum('message', now, RATE_SECONDS) / RATE_SECONDS,
        telemetry_delay_p95_ms: rounded(delay, 10),
        waiting: waiting(),
        dead_letters: deadLetters(),
      },
      broker: { kind: broker.kind, connected: broker.connected, connections: broker.connections },
      map: {
        shown: positions.length,
        vehicles: positions.map(({ vehicle, latitude, longitude, heading, state }) => [
          vehicle,
          rounded(latitude, 1000) ?? 0,
          rounded(longitude, 1000) ?? 0,
          Math.round(heading ?? 0),
          state,
        ]),
      },
    }
  }
}

/** @param parts how many steps there are between two whole numbers */
function rounded(value: number | null, parts: number): number | null {
  return value === null ? null : Math.round(value * parts) / parts
}
