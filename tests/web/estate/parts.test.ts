import { expect, test } from 'vitest'
import { faultKinds, stageNames } from '../../../src/machine/notices.ts'
import { HOST_ENVIRONMENT } from '../../../src/machine/this-host.ts'
import { environments as simulatedEnvironments } from '../../../src/simulator/estate/plan.ts'
import { webModule } from '../fake-page.ts'

const { stageSentence } = await webModule<{ stageSentence(stage: object, nowMs: number): string }>(
  'estate/overview/pipeline',
)
const { byFrequency, versionsWords } = await webModule<{
  byFrequency(service: { versions: { version: string; instances: number }[] }): { version: string }[]
  versionsWords(
    services: { service_name: string; versions: { version: string; instances: number }[] }[],
  ): string
}>('estate/services/versions')
const { joined, tellingFirst } = await webModule<{
  joined(
    ...lists: unknown[]
  ): { service: string; status: string; p95: number | null; requests: number | null }[]
  tellingFirst(rows: unknown[]): string[]
}>('estate/services/joined')
const { backtestWords, methodWords } = await webModule<{
  backtestWords(metric: object): string
  methodWords(metric: { method: string }): string
}>('estate/analytics/forecast-words')
const { detectorWords } = await webModule<{ detectorWords(score: object): string }>(
  'estate/analytics/detectors',
)
const { environments, REAL_ENVIRONMENT } = await webModule<{
  environments: string[]
  REAL_ENVIRONMENT: string
}>('estate/environments')
const { kinds } = await webModule<{ kinds: string[] }>('estate/analytics/break')

const now = Date.parse('2026-03-05T12:00:00Z')
const last = '2026-03-05T11:50:00Z'
const stage = { stage: stageNames[0], since: last, last_success_at: last, problem: null }

test.each([
  ['healthy', {}, /^Last success 10 min ago\.$/],
  ['healthy', { last_success_at: null }, /^It waits for its first sample\.$/],
  ['failing', { problem: 'The disk is full.' }, /^The disk is full\. Last success 10 min ago\.$/],
  ['failing', { last_success_at: null }, /^It cannot go on\. It never succeeded\.$/],
  ['stopped', {}, /^No report since \d\d:\d\d\. Last success 10 min ago\.$/],
  ['stopped', { since: null }, /^It reports no more\./],
  ['unknown', {}, /^It has not reported/],
])('a stage that is %s with %j says so', (state, changes, sentence) => {
  expect(stageSentence({ ...stage, state, ...changes }, now)).toMatch(sentence)
})

const version = (name: string, instances: number) => ({ version: name, instances })

test('versions stand by how often they run', () => {
  expect(
    byFrequency({ versions: [version('v2', 6), version('v1', 19)] }).map(({ version }) => version),
  ).toEqual(['v1', 'v2'])
})

test('services in more than one version are named', () => {
  const checkout = { service_name: 'checkout', versions: [version('v1', 1), version('v2', 1)] }
  const search = { service_name: 'search', versions: [version('v1', 2)] }
  expect(versionsWords([checkout, search])).toBe(
    '2 services in 3 versions. More than one version runs of 1: checkout.',
  )
  expect(versionsWords([search])).toBe('1 service in 1 version. Of each one version runs everywhere.')
})

test('a service that one answer lacks keeps what the others say', () => {
  const health = {
    services: [
      { service_name: 'a', status: 'critical', success_rate: 1, avg_response_time: 1, instances: 2 },
    ],
  }
  const rows = joined(
    [{ service_name: 'b', p95_response_time: 70, total_requests: 0 }],
    [{ service_name: 'a', p50: 1, p95: 9, p99: 10 }],
    [],
    health,
  )
  expect(rows).toMatchObject([
    { service: 'a', status: 'critical', p95: 9, requests: null },
    { service: 'b', status: 'unknown', p95: 70, requests: 0 },
  ])
})

test('those that are not well are drawn first, then the slowest', () => {
  const row = (service: string, status: string, p95: number | null) => ({ service, status, p95 })
  expect(
    tellingFirst([
      row('a', 'healthy', 9),
      row('b', 'warning', 1),
      row('c', 'critical', null),
      row('d', 'healthy', 80),
    ]),
  ).toEqual(['c', 'b', 'd', 'a'])
})

test('a forecast claims no more than was measured', () => {
  expect(methodWords({ method: 'seasonal' })).toBe('Seasonal method')
  expect(methodWords({ method: 'seasonal_naive' })).toContain('Fallback')
  expect(methodWords({ method: 'none' })).toBe('No forecast')
  expect(backtestWords({ backtest: null })).toContain('could not be tested')
  const words = backtestWords({
    backtest: { hours: 168, seasonal_mae: 1.234, naive_mae: null, coverage_percent: null },
  })
  expect(words).toContain('mean error 1.23 points, against not known')
  expect(words).not.toContain('band')
})

test('detectors are told with what they missed, and nothing is claimed without faults', () => {
  const score = {
    faults: 18,
    found: 17,
    false_alarms: 1,
    precision: 0.944,
    recall: 0.944,
    delay_seconds: { median: 94, p90: null },
  }
  expect(detectorWords(score)).toBe(
    '17 of 18 injected faults found (recall 94.4 %); 1 false alarm (precision 94.4 %). Half were found within 1 min 34 s.',
  )
  expect(detectorWords({ ...score, faults: 0, found: 0, recall: null })).toContain('nothing can be said')
})

test('the presenter can inject every kind of fault that there is', () => {
  expect([...kinds].sort()).toEqual([...faultKinds].sort())
})

test('the page looks for the real machine where it says it is, and offers every environment', () => {
  expect(REAL_ENVIRONMENT).toBe(HOST_ENVIRONMENT)
  expect(environments).toEqual([...simulatedEnvironments, HOST_ENVIRONMENT])
})
