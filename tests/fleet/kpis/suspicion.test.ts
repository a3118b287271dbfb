import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NewEvent } from '../../../src/fleet/kpis/commands.ts'
import { createKpiReports } from '../../../src/fleet/kpis/report-store.ts'
import { listSuspicions, type SuspicionReason } from '../../../src/fleet/kpis/suspicion.ts'
import { seededRandom } from '../../../src/shared/random.ts'
import { fakeClock, START } from '../../support/fake-clock.ts'
import { aFleetFile, anEvent, aWriter } from './kpi-world.ts'

const HOUR = 3_600_000

/** The reasons found for the only client of these events. */
function reasonsOf(events: Partial<NewEvent>[]): SuspicionReason[] {
  const { db } = aFleetFile()
  aWriter(db, fakeClock(START)).decide('record_events', { events: events.map(anEvent) })
  const { suspicious } = createKpiReports(db).counts({ from: START - HOUR, to: START })
  return suspicious[0]?.reasons ?? []
}

/** So many events, equally spread over `spanMs`, the last one now. */
const spread = (
  count: number,
  spanMs: number,
  changes: (index: number) => Omit<Partial<NewEvent>, 'happenedAt'> = () => ({}),
) =>
  Array.from({ length: count }, (_, index) => ({
    happenedAt: START - spanMs + Math.round((index * spanMs) / Math.max(1, count - 1)),
    ...changes(index),
  }))
const failed = { statusCode: 401 }
/** Enough that went well, slowly enough, to keep the share of errors below half. */
const wellMeant = (count: number) => spread(count, HOUR - 1)

test.each<{ title: string; events: Partial<NewEvent>[]; reasons: SuspicionReason[] }>([
  { title: 'nothing', events: [], reasons: [] },
  {
    title: '19 failed authentications',
    events: [...spread(19, 1000, () => failed), ...wellMeant(20)],
    reasons: [],
  },
  {
    title: '20 failed authentications in the window',
    events: [...spread(20, 3_000_000, index => ({ statusCode: index % 2 ? 401 : 403 })), ...wellMeant(21)],
    reasons: ['repeated_failures'],
  },
  {
    title: '99 failed authentications within a minute',
    events: [...spread(99, 59_999, () => failed), ...wellMeant(110)],
    reasons: ['repeated_failures'],
  },
  {
    title: '100 failed authentications in a whole minute',
    events: [...spread(100, 60_000, () => failed), ...wellMeant(110)],
    reasons: ['repeated_failures'],
  },
  {
    title: '100 failed authentications within a minute, over a full minute of the clock',
    events: [
      ...spread(100, 59_999, () => failed).map(event => ({
        ...event,
        happenedAt: event.happenedAt - 30_000,
      })),
      ...wellMeant(110),
    ],
    reasons: ['brute_force', 'repeated_failures'],
  },
  { title: '19 errors of 19', events: spread(19, HOUR - 1, () => ({ statusCode: 500 })), reasons: [] },
  {
    title: '10 errors of 20',
    events: spread(20, HOUR - 1, index => ({ statusCode: index < 10 ? 404 : 200 })),
    reasons: ['error_spike'],
  },
  {
    title: '9 errors of 20',
    events: spread(20, HOUR - 1, index => ({ statusCode: index < 9 ? 404 : 200 })),
    reasons: [],
  },
  { title: '149 requests within a minute', events: spread(149, 59_999), reasons: [] },
  { title: '150 requests in a whole minute', events: spread(150, 60_000), reasons: [] },
  { title: '150 requests within a minute', events: spread(150, 59_999), reasons: ['over_rate_limit'] },
  { title: '150 requests at once', events: spread(150, 0), reasons: ['over_rate_limit'] },
  {
    title: '999 vehicles',
    events: spread(1000, HOUR - 1, index => ({ vehicle: `v${index % 999}` })),
    reasons: [],
  },
  {
    title: '1,000 vehicles',
    events: spread(1000, HOUR - 1, index => ({ vehicle: `v${index}` })),
    reasons: ['many_vehicles'],
  },
])('a client with $title is suspicious for: $reasons', ({ events, reasons }) => {
  expect(reasonsOf(events)).toEqual(reasons)
})

test('what happened before the window, or by another client, makes nobody suspicious', () => {
  expect(reasonsOf(spread(200, 1000).map(event => ({ happenedAt: event.happenedAt - HOUR })))).toEqual([])
  expect(reasonsOf(spread(200, 1000, index => ({ clientId: index % 2 ? 'one' : 'other' })))).toEqual([])
})

test('bursts are found wherever they lie on the clock: any 60 seconds, as a naive search finds them', () => {
  const { db } = aFleetFile()
  const writer = aWriter(db, fakeClock(START))
  const reports = createKpiReports(db)
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 150, max: 400 }), (seed, count) => {
      const random = seededRandom(seed)
      const agos = Array.from({ length: count }, () => Math.floor(random.next() * 150_000))
      db.$client.exec('DELETE FROM api_events')
      writer.decide('record_events', { events: agos.map(ago => anEvent({ happenedAt: START - ago })) })
      const sorted = agos.toSorted((a, b) => a - b)
      const isBurst = sorted.some(
        (ago, index) => (sorted[index + 149] ?? Number.POSITIVE_INFINITY) - ago < 60_000,
      )
      const { suspicious } = reports.counts({ from: START - HOUR, to: START })
      expect(suspicious.some(({ reasons }) => reasons.includes('over_rate_limit'))).toBe(isBurst)
    }),
    { numRuns: 40, endOnFailure: true },
  )
})

test('at most 20 clients are listed, those with most reasons first; all are counted', () => {
  const many = Array.from({ length: 30 }, (_, index) => `client${String(index).padStart(2, '0')}`)
  const { suspicious, suspiciousTotal } = listSuspicions({
    brute_force: ['client29'],
    repeated_failures: many,
    many_vehicles: [],
    error_spike: ['client29', 'other'],
    over_rate_limit: [],
  })
  expect(suspiciousTotal).toBe(31)
  expect(suspicious).toHaveLength(20)
  expect(suspicious[0]).toEqual({
    client: 'client29',
    reasons: ['brute_force', 'repeated_failures', 'error_spike'],
  })
  expect(suspicious[1]?.client).toBe('client00')
})
