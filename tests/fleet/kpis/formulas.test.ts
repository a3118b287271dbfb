import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  deliveryKpis,
  kpiNames,
  kpiValues,
  operationalKpis,
  rankOf,
  securityKpis,
  type WindowCounts,
} from '../../../src/fleet/kpis/kpi.ts'
import { createKpiReports } from '../../../src/fleet/kpis/report-store.ts'
import { judge } from '../../../src/fleet/kpis/targets.ts'
import { MINUTE_MS } from '../../../src/shared/clock.ts'
import { fakeClock, START } from '../../support/fake-clock.ts'
import { aFleetFile, anEvent, aWriter } from './kpi-world.ts'

const HOUR = 3_600_000
const NOW = START + 12_345

const counts = (changes: Partial<WindowCounts> = {}): WindowCounts => ({
  from: START - HOUR,
  to: START,
  total: 0,
  errors: 0,
  serverErrors: 0,
  failedAuthentications: 0,
  rateLimited: 0,
  meanMs: null,
  p95: null,
  p99: null,
  firstEventAt: null,
  keptSince: null,
  firstBeat: null,
  beats: 0,
  isBeatingNow: false,
  suspicious: [],
  suspiciousTotal: 0,
  ...changes,
})
const longAgo = START / MINUTE_MS - 100_000

test('VC3: an empty window knows nothing: null, not 100 % available and not 0 ms; a count of nothing is 0', () => {
  expect(operationalKpis(counts())).toEqual({
    avg_latency_ms: null,
    p95_latency_ms: null,
    p99_latency_ms: null,
    error_rate_percent: null,
    server_error_rate_percent: null,
    availability_percent: null,
    total_requests: 0,
    requests_per_minute: null,
    throughput_per_second: null,
  })
  expect(securityKpis(counts())).toEqual({
    failed_authentications: 0,
    failed_authentications_per_hour: null,
    rate_limit_violations: 0,
    rate_limit_violations_per_hour: null,
    suspicious_client_count: 0,
    suspicious_clients: [],
  })
})

test('a server that ran and was asked nothing had a rate of 0', () => {
  const idle = operationalKpis(counts({ firstBeat: longAgo, beats: 60 }))
  expect(idle).toMatchObject({ requests_per_minute: 0, throughput_per_second: 0, error_rate_percent: null })
})

test.each([
  { title: 'two requests within a second of an hour', total: 2, firstEventAt: START - 1000, perMinute: 0.03 },
  { title: 'a single request', total: 1, firstEventAt: START - HOUR / 2, perMinute: 0.02 },
  { title: 'a hundred a second', total: 360_000, firstEventAt: START - HOUR + 1, perMinute: 6000 },
])('VC2: requests per minute divide by the window, not by the span between requests: $title', row => {
  const { requests_per_minute } = operationalKpis(counts({ ...row, firstBeat: longAgo }))
  expect(requests_per_minute).toBe(row.perMinute)
})

test.each([
  { title: 'ten minutes old', firstBeat: 10, total: 100, perMinute: 10 },
  { title: 'seconds old: no less than a minute', firstBeat: 0, total: 100, perMinute: 100 },
])('a server younger than the window divides by its age: $title', ({ firstBeat, total, perMinute }) => {
  const young = counts({ firstBeat: START / MINUTE_MS - firstBeat, total, firstEventAt: START - 1 })
  expect(operationalKpis(young).requests_per_minute).toBe(perMinute)
})

test('where events had to make room, the rate is that of the time that is still known', () => {
  const full = counts({ firstBeat: longAgo, keptSince: START - 10 * MINUTE_MS, total: 1000 })
  expect(operationalKpis(full).requests_per_minute).toBe(100)
})

test('a table is full when it holds as many events as are kept', () => {
  const { db } = aFleetFile()
  const writer = aWriter(db, fakeClock(NOW))
  const window = { from: NOW - HOUR, to: NOW }
  const keptSince = () => createKpiReports(db, 5).counts(window).keptSince
  const record = (ago: number) =>
    writer.decide('record_events', { events: [anEvent({ happenedAt: NOW - ago })] })
  for (const ago of [5000, 4000, 3000, 2000]) record(ago)
  expect(keptSince()).toBeNull()
  for (const ago of [1000, 0]) record(ago)
  writer.decide('prune_events', { keepMs: HOUR, eventsMax: 5, pieceMax: 10 })
  expect(keptSince()).toBe(NOW - 4000)
})

test('late events of before the server’s start count the time that they tell of', () => {
  const late = counts({ firstBeat: START / MINUTE_MS, firstEventAt: START - HOUR / 2, total: 60 })
  expect(operationalKpis(late).requests_per_minute).toBe(2)
})

test('failures an hour are not blown up by a window of minutes', () => {
  const young = counts({ firstBeat: START / MINUTE_MS - 5, failedAuthentications: 7, rateLimited: 2 })
  expect(securityKpis(young)).toMatchObject({
    failed_authentications_per_hour: 7,
    rate_limit_violations_per_hour: 2,
  })
})

const minute = START / MINUTE_MS
test.each([
  {
    title: 'every minute of the window, the current one not yet',
    beats: 60,
    now: false,
    first: longAgo,
    is: 100,
  },
  { title: 'every minute and the current one', beats: 61, now: true, first: longAgo, is: 100 },
  { title: 'half of them', beats: 30, now: false, first: longAgo, is: 50 },
  { title: 'none at all, though it ran before', beats: 0, now: false, first: longAgo, is: 0 },
  { title: 'since its start only', beats: 10, now: false, first: minute - 10, is: 100 },
  { title: 'its very first minute', beats: 1, now: true, first: minute, is: 100 },
  { title: 'a start of which no minute is over', beats: 0, now: false, first: minute, is: null },
])('VC3: availability is what the server witnessed: $title', ({ beats, now, first, is }) => {
  const { availability_percent } = operationalKpis(
    counts({ beats, isBeatingNow: now, firstBeat: first, total: 10, errors: 10 }),
  )
  expect(availability_percent).toBe(is)
})

test('delivery: null where nothing was deployed or resolved', () => {
  const none = { deployments: 0, failedDeployments: 0, resolvedIncidents: 0, recoveryMs: 0 }
  expect(deliveryKpis(none)).toEqual({
    deployments_per_week: 0,
    deployments_per_day: 0,
    mttr_minutes: null,
    change_failure_rate_percent: null,
  })
  const some = { deployments: 8, failedDeployments: 1, resolvedIncidents: 3, recoveryMs: 50 * MINUTE_MS }
  expect(deliveryKpis(some)).toEqual({
    deployments_per_week: 8,
    deployments_per_day: 1.14,
    mttr_minutes: 16.67,
    change_failure_rate_percent: 12.5,
  })
})

test('every figure that is a number has a name in the list, and the other way round', () => {
  const kpis = {
    operational: operationalKpis(counts()),
    security: securityKpis(counts()),
    delivery: deliveryKpis({ deployments: 0, failedDeployments: 0, resolvedIncidents: 0, recoveryMs: 0 }),
  }
  expect(kpiValues(kpis).map(({ name }) => name)).toEqual([...kpiNames])
})

test('targets: below is below, at least is at least, unknown is unknown', () => {
  const kpis = {
    operational: operationalKpis(
      counts({ total: 1000, errors: 10, meanMs: 199.994, firstBeat: longAgo, beats: 60 }),
    ),
    security: securityKpis(counts({ failedAuthentications: 10, firstBeat: longAgo })),
    delivery: deliveryKpis({ deployments: 5, failedDeployments: 1, resolvedIncidents: 0, recoveryMs: 0 }),
  }
  const met = Object.fromEntries(Object.entries(judge(kpis)).map(([name, { met }]) => [name, met]))
  expect(met).toEqual({
    avg_latency_ms: true,
    p95_latency_ms: null,
    error_rate_percent: false,
    availability_percent: true,
    throughput_per_second: false,
    failed_authentications_per_hour: false,
    rate_limit_violations_per_hour: true,
    deployments_per_week: true,
    mttr_minutes: null,
    change_failure_rate_percent: false,
  })
})

/** As pandas' `quantile` does it. */
function naivePercentile(values: number[], quantile: number): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const { low, high, fraction } = rankOf(sorted.length, quantile)
  const [below = 0, above = 0] = [sorted[low], sorted[high]]
  return below + (above - below) * fraction
}

test.each([
  { count: 1, quantile: 0.95, is: { low: 0, high: 0, fraction: 0 } },
  { count: 2, quantile: 0.95, is: { low: 0, high: 1, fraction: 0.95 } },
  { count: 101, quantile: 0.95, is: { low: 95, high: 96, fraction: 0 } },
  { count: 101, quantile: 0.99, is: { low: 99, high: 100, fraction: 0 } },
])('the $quantile quantile of $count values lies at (count − 1) × quantile', ({ count, quantile, is }) => {
  expect(rankOf(count, quantile)).toEqual(is)
})

const status = fc.constantFrom(200, 204, 301, 400, 401, 403, 404, 429, 500, 503)
const someEvents = fc.array(
  fc.record({
    statusCode: status,
    responseTimeMs: fc.double({ min: 0, max: 3_600_000, noNaN: true }),
    // Some before the window, some at its edges.
    happenedAt: fc.oneof(
      fc.integer({ min: NOW - 2 * HOUR, max: NOW }),
      fc.constantFrom(NOW - HOUR, NOW - HOUR + 1, NOW),
    ),
  }),
  { maxLength: 60 },
)

test('VC10: the figures of a window in SQL are those of a naive count, the percentiles exact', () => {
  const { db } = aFleetFile()
  const writer = aWriter(db, fakeClock(NOW))
  const reports = createKpiReports(db)
  const close = (is: number | null, wanted: number | null) => {
    if (wanted === null) expect(is).toBeNull()
    else expect(Math.abs((is ?? Number.NaN) - wanted)).toBeLessThanOrEqual(0.00501)
  }
  fc.assert(
    fc.property(someEvents, events => {
      db.$client.exec('DELETE FROM api_events')
      writer.decide('record_events', { events: events.map(anEvent) })
      const counted = reports.counts({ from: NOW - HOUR, to: NOW })
      const inside = events.filter(({ happenedAt }) => happenedAt > NOW - HOUR)
      const times = inside.map(({ responseTimeMs }) => responseTimeMs)
      const share = (isOne: (status: number) => boolean) =>
        inside.length === 0
          ? null
          : (inside.filter(({ statusCode }) => isOne(statusCode)).length / inside.length) * 100
      const figures = operationalKpis(counted)
      expect(figures.total_requests).toBe(inside.length)
      close(
        figures.avg_latency_ms,
        times.length ? times.reduce((sum, ms) => sum + ms, 0) / times.length : null,
      )
      close(figures.p95_latency_ms, naivePercentile(times, 0.95))
      close(figures.p99_latency_ms, naivePercentile(times, 0.99))
      close(
        figures.error_rate_percent,
        share(code => code >= 400),
      )
      close(
        figures.server_error_rate_percent,
        share(code => code >= 500),
      )
      const failed = inside.filter(({ statusCode }) => statusCode === 401 || statusCode === 403)
      expect(securityKpis(counted)).toMatchObject({
        failed_authentications: failed.length,
        rate_limit_violations: inside.filter(({ statusCode }) => statusCode === 429).length,
      })
    }),
    { numRuns: 150 },
  )
})

test('a percentile is one: 99 quick requests and one slow one', () => {
  const { db } = aFleetFile()
  const writer = aWriter(db, fakeClock(NOW))
  const times = [...Array.from({ length: 99 }, (_, index) => index + 1), 10_000]
  writer.decide('record_events', { events: times.map(responseTimeMs => anEvent({ responseTimeMs })) })
  const figures = operationalKpis(createKpiReports(db).counts({ from: NOW - HOUR, to: NOW }))
  expect(figures).toMatchObject({ avg_latency_ms: 149.5, p95_latency_ms: 95.05, p99_latency_ms: 198.01 })
})

test('VC7: a window is read from its index and does not scan the history', () => {
  const { db } = aFleetFile()
  const queries: string[] = []
  const real = db.$client.prepare.bind(db.$client)
  db.$client.prepare = ((text: string) => {
    queries.push(text)
    return real(text)
  }) as never
  createKpiReports(db).counts({ from: NOW - HOUR, to: NOW })
  createKpiReports(db).events({ limit: 10, skip: 0 })
  const ofEvents = queries.filter(text => text.includes('"api_events"'))
  expect(ofEvents.length).toBeGreaterThan(5)
  for (const text of ofEvents) {
    const parameters = Array.from(text.matchAll(/\?/g), () => 1)
    const plan = db.$client.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...parameters) as { detail: string }[]
    const reads = plan
      .map(({ detail }) => detail)
      .filter(detail => /^(SCAN|SEARCH) "?api_events/.test(detail))
    expect(reads).not.toEqual([])
    // A bare search is that for the lowest or highest id: one step.
    const isQuick = /api_events_by_time|INTEGER PRIMARY KEY|^SEARCH api_events$/
    for (const detail of reads) expect(detail).toMatch(isQuick)
  }
})
