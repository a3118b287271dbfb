import { expect, test } from 'vitest'
import { type Detected, type Judging, scoreOf } from '../../../src/estate/analytics/score.ts'
import type { FaultNotice } from '../../../src/machine/notices.ts'

const MINUTE_MS = 60_000
const at = (minute: number) => 1_750_000_000_000 + minute * MINUTE_MS
const fault = (of: Partial<FaultNotice> & { from: number; to: number | null }): FaultNotice => ({
  id: `f${of.from}`,
  kind: of.kind ?? 'cpu_saturation',
  resource_kind: of.resource_kind ?? 'server',
  resource: of.resource ?? 'server-0001',
  version: of.version ?? null,
  started_at: at(of.from),
  ended_at: of.to === null ? null : at(of.to),
})
const found = (minute: number, of: Partial<Detected> = {}): Detected => ({
  cause: 'c',
  resource: 'server-0001',
  service: null,
  version: null,
  detectedAt: at(minute),
  ...of,
})
const places: Record<string, string> = { 'checkout-01': 'checkout', 'container-00001': 'checkout' }
const judge = (of: Partial<Judging>) =>
  scoreOf({
    faults: [],
    detected: [],
    isSampled: () => true,
    placeOf: name => ({ service: places[name] ?? null }),
    from: at(0),
    now: at(120),
    ...of,
  })

test('nothing happened and nothing was found: nothing is known of the detectors', () => {
  expect(judge({})).toEqual({
    faults: 0,
    found: 0,
    false_alarms: 0,
    precision: null,
    recall: null,
    delay_seconds: { median: null, p90: null },
    by_kind: [],
  })
})

const one = [fault({ from: 10, to: 20 })]
test.each<[string, Partial<Judging>, [counted: number, found: number, false_: number]]>([
  ['found while it lasts', { faults: one, detected: [found(12)] }, [1, 1, 0]],
  ['found twice is found once', { faults: one, detected: [found(12), found(14)] }, [1, 1, 0]],
  ['found 5 minutes after its end', { faults: one, detected: [found(25)] }, [1, 1, 0]],
  ['later it is not found, but no false alarm', { faults: one, detected: [found(26)] }, [1, 0, 0]],
  [
    'more than 10 minutes after its end it is a false alarm',
    { faults: one, detected: [found(31)] },
    [1, 0, 1],
  ],
  ['before it began it is a false alarm', { faults: one, detected: [found(9)] }, [1, 0, 1]],
  ['on another server', { faults: one, detected: [found(12, { resource: 'server-0002' })] }, [1, 0, 1]],
  ['too short to count', { faults: [fault({ from: 10, to: 12 })], detected: [] }, [0, 0, 0]],
  [
    'too short to count, yet found',
    { faults: [fault({ from: 10, to: 12 })], detected: [found(12)] },
    [0, 0, 0],
  ],
  ['not sampled', { faults: one, isSampled: () => false }, [0, 0, 0]],
  ['it goes on', { faults: [fault({ from: 110, to: null })], detected: [found(115)] }, [1, 1, 0]],
  ['it has just begun', { faults: [fault({ from: 111, to: null })] }, [0, 0, 0]],
  ['it began before', { faults: [fault({ from: -5, to: 20 })], detected: [found(3)] }, [0, 0, 0]],
])('%s', (_, of, [counted, hits, false_alarms]) => {
  expect(judge(of)).toMatchObject({ faults: counted, found: hits, false_alarms })
})

const broken = { kind: 'error_burst', resource_kind: 'service', resource: 'checkout' } as const
const ofService = { resource: 'checkout', service: 'checkout' }
test.each<[string, FaultNotice, Partial<Detected>, number]>([
  ['a service', fault({ ...broken, from: 10, to: 20 }), ofService, 1],
  [
    'an instance of it',
    fault({ ...broken, from: 10, to: 20 }),
    { resource: 'checkout-01', service: 'checkout' },
    1,
  ],
  ['one version of it', fault({ ...broken, from: 10, to: 20 }), { ...ofService, version: 'v2' }, 1],
  [
    'its broken version',
    fault({ ...broken, version: 'v2', from: 10, to: 20 }),
    { ...ofService, version: 'v2' },
    1,
  ],
  [
    'another version',
    fault({ ...broken, version: 'v2', from: 10, to: 20 }),
    { ...ofService, version: 'v1' },
    0,
  ],
  ['another service', fault({ ...broken, from: 10, to: 20 }), { resource: 'search', service: 'search' }, 0],
  [
    'the service of a broken container',
    fault({ kind: 'crash_loop', resource_kind: 'container', resource: 'container-00001', from: 10, to: 20 }),
    ofService,
    1,
  ],
  [
    'a neighbour of a broken container',
    fault({ kind: 'crash_loop', resource_kind: 'container', resource: 'container-00001', from: 10, to: 20 }),
    { resource: 'checkout-01', service: 'checkout' },
    0,
  ],
])('an anomaly of %s', (_, of, detected, hits) => {
  expect(judge({ faults: [of], detected: [found(12, detected)] })).toMatchObject({
    found: hits,
    false_alarms: 1 - hits,
  })
})

test('shares, delays and kinds', () => {
  const faults = [
    fault({ from: 10, to: 20 }),
    fault({ from: 40, to: 50 }),
    fault({ from: 70, to: 80 }),
    fault({ from: 90, to: 100, kind: 'silence', resource: 'server-0009' }),
  ]
  const detected = [found(12), found(44), found(76), found(60)]
  expect(judge({ faults, detected })).toEqual({
    faults: 4,
    found: 3,
    false_alarms: 0,
    precision: 1,
    recall: 0.75,
    delay_seconds: { median: 240, p90: 336 },
    by_kind: [
      { kind: 'cpu_saturation', faults: 3, found: 3, recall: 1, median_delay_seconds: 240 },
      { kind: 'silence', faults: 1, found: 0, recall: 0, median_delay_seconds: null },
    ],
  })
})
