import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anomalyTypes, detectorNames } from '../../../src/estate/analytics/symptom.ts'
import { webModule } from '../fake-page.ts'

type Known = number | null | undefined
const words = await webModule<{
  whole(value: Known): string
  short(value: Known): string
  percent(value: Known, digits?: number): string
  milliseconds(value: Known): string
  perSecond(value: Known): string
  gigabytes(value: Known): string
  daysWords(value: Known): string
  seconds(value: Known): string
  ago(at: string | null, nowMs: number): string
  clockWords(at: string, nowMs: number): string
  counted(count: number, one: string, many?: string): string
  nameWords(name: string): string
}>('estate/words')

const writers = [
  'whole',
  'short',
  'percent',
  'milliseconds',
  'perSecond',
  'gigabytes',
  'daysWords',
  'seconds',
] as const

test.each(writers)('%s: what is not known is a dash, and nothing is not', name => {
  expect(words[name](null)).toBe('–')
  expect(words[name](undefined)).toBe('–')
  expect(words[name](0)).toMatch(/^0\b|less than a day/)
})

test.each([
  [0, '0 %'],
  [0.001, '< 0.01 %'],
  [0.42, '0.42 %'],
  [7.68, '7.7 %'],
  [41.4, '41 %'],
  [92.34, '92.3 %'],
  [99.42, '99.42 %'],
  [99.999, '> 99.99 %'],
  [100, '100 %'],
])('%d percent is written %s', (value, written) => {
  expect(words.percent(value)).toBe(written)
})

test('a share that is not all is never written as all, and one that is not nothing never as nothing', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 100, noNaN: true, minExcluded: true, maxExcluded: true }),
      fc.constantFrom(undefined, 1, 2),
      (value, digits) => {
        expect(words.percent(value, digits)).not.toMatch(/^(100|0)(\.0+)? %$/)
      },
    ),
    {
      examples: [
        [99.96, 1],
        [99.999, 2],
        [0.02, 1],
        [0.001, undefined],
      ],
    },
  )
})

test.each([
  ['whole', 1234, '1,234'],
  ['short', 9999, '9,999'],
  ['short', 48_213_770, '48.2M'],
  ['milliseconds', 87, '87 ms'],
  ['milliseconds', 1250, '1.25 s'],
  ['perSecond', 12.53, '12.5/s'],
  ['gigabytes', 512, '512 GB'],
  ['gigabytes', 1500, '1.5 TB'],
  ['daysWords', 0.4, 'less than a day'],
  ['daysWords', 1, '1 day'],
  ['daysWords', 3.44, '3.4 days'],
  ['daysWords', 11.6, '12 days'],
  ['daysWords', 400, 'more than a year'],
  ['seconds', 0.0258, '0 s'],
  ['seconds', 0.84, '0.8 s'],
  ['seconds', 94, '1 min 34 s'],
  ['seconds', 7300, '2 h 01 min'],
] as const)('%s of %d is %s', (name, value, written) => {
  expect(words[name](value)).toBe(written)
})

const now = Date.parse('2026-03-05T12:00:00Z')

test.each([
  [null, '–'],
  ['2026-03-05T12:00:01Z', 'just now'],
  ['2026-03-05T11:59:18Z', '42 s ago'],
  ['2026-03-05T11:50:00Z', '10 min ago'],
  ['2026-03-05T09:30:00Z', '2 h ago'],
  ['2026-03-01T12:00:00Z', '4 d ago'],
])('%s is %s', (at, written) => {
  expect(words.ago(at, now)).toBe(written)
})

test('a time of more than a day ago has its day', () => {
  expect(words.clockWords('2026-03-05T11:30:00Z', now)).toMatch(/^\d\d:\d\d$/)
  expect(words.clockWords('2026-03-03T11:30:00Z', now)).toMatch(/3.*\d\d:\d\d|\d\d:\d\d.*3/)
})

test('one is one, and the rest are many', () => {
  expect(words.counted(1, 'server')).toBe('1 server')
  expect(words.counted(2000, 'server')).toBe('2,000 servers')
  expect(words.counted(0, 'anomaly', 'anomalies')).toBe('0 anomalies')
})

test.each([
  ['cpu_spike', 'CPU spike'],
  ['memory_pressure', 'Memory pressure'],
  ['crash_loop', 'Crash loop'],
  ['', ''],
])('%s is called %j', (name, written) => {
  expect(words.nameWords(name)).toBe(written)
})

test('every type of anomaly has a name that can be read', () => {
  for (const type of anomalyTypes) expect(words.nameWords(type)).toMatch(/^[A-Z][A-Za-z ]+$/)
})

const { detectorWords, doubtOf, valueWords, whereWords } = await webModule<{
  detectorWords: Record<string, string>
  doubtOf(frame: object): string | null
  valueWords(anomaly: { metric_name: string; value: number; expected: number | null }): string
  whereWords(anomaly: { resource_name: string; version: string | null; resources: number }): string
}>('estate/anomalies')

test('every detector has words for what it found', () => {
  expect(Object.keys(detectorWords).sort()).toEqual([...detectorNames].sort())
})

test.each([
  ['error_rate_percent', 14.2, 0.8, 'Error rate 14.2 %, expected 0.8 %'],
  ['cpu', 96.4, null, 'CPU 96.4 %'],
  ['cpu_percent', 96.4, 41.5, 'CPU 96.4 %, expected 41.5 %'],
  ['p95_response_time_ms', 840, 320, 'P95 response time 840 ms, expected 320 ms'],
  ['latency', 840.5, 320, 'Response time 840.5 ms, expected 320 ms'],
  ['silence', 120, 30, 'Silent for 120 s, expected 30 s'],
  ['restarts', 4, null, 'Restarts 4'],
  ['disk_utilization', 0, null, 'Disk utilization 0 %'],
])('%s of %d, expected %s, is told as %s', (metric_name, value, expected, written) => {
  expect(valueWords({ metric_name, value, expected })).toBe(written)
})

test('where it shows has the version once, and how many more', () => {
  expect(whereWords({ resource_name: 'server-0001', version: null, resources: 1 })).toBe('server-0001')
  expect(whereWords({ resource_name: 'checkout', version: 'v2', resources: 6 })).toBe(
    'checkout v2, 6 resources',
  )
  expect(whereWords({ resource_name: 'checkout v2', version: 'v2', resources: 1 })).toBe('checkout v2')
})

test('no anomaly is good news only where somebody looks', () => {
  const stages = [{ stage: 'analytics', state: 'healthy' }]
  expect(doubtOf({ data_at: '2026-03-05T12:00:00Z', stages })).toBeNull()
  expect(doubtOf({ data_at: null, stages })).toContain('No sample')
  expect(doubtOf({ data_at: '2026-03-05T12:00:00Z', stages: [] })).toContain('nobody looks')
  for (const state of ['failing', 'stopped', 'unknown'])
    expect(doubtOf({ data_at: '2026-03-05T12:00:00Z', stages: [{ stage: 'analytics', state }] })).toContain(
      'nobody looks',
    )
})
