import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { causes, find, INTERVAL_MS, type Making, NOW, SAMPLES, step, watch, wobble } from './watched.ts'

const timeOf = (i: number) => NOW - (SAMPLES - 1 - i) * INTERVAL_MS - 5000
const calmServer: Making = {
  cpu: wobble(40),
  memory: wobble(50),
  disk: 60,
  usual: { cpu: { center: 40 }, memory: { center: 50 }, disk: { center: 60 } },
}
const server = (name: string, making: Making = {}) => watch('server', name, { ...calmServer, ...making })

describe('a server', () => {
  test('97 % CPU where 41 is usual: what, how much, since when, in a sentence', () => {
    const { found } = find([
      server('server-0042', { cpu: step(41, 97), usual: { cpu: { center: 41 }, memory: { center: 50 } } }),
    ])
    expect(found).toEqual([
      {
        cause: 'server:server-0042:cpu',
        type: 'cpu_spike',
        detector: 'threshold',
        severity: 'high',
        resourceKind: 'server',
        resource: 'server-0042',
        service: null,
        region: 'north',
        version: null,
        resources: 1,
        value: 97,
        expected: 41,
        sentence: 'server-0042 uses 97 % CPU; at this hour it is usually 41 % (since 10:40 UTC)',
        startedAt: timeOf(SAMPLES - 4),
      },
    ])
  })

  test.each<[string, Making, string, string]>([
    ['CPU that is unusual below the threshold', { cpu: step(40, 80) }, 'cpu_unusual', 'hour_of_week'],
    ['memory above the threshold', { memory: step(50, 91) }, 'memory_pressure', 'threshold'],
    ['memory that is unusual', { memory: step(50, 75) }, 'memory_unusual', 'hour_of_week'],
    ['memory that leaks', { memory: i => 50 + Math.max(0, i - 8) * 0.9 }, 'memory_drift', 'ewma'],
    ['a disk that fills', { disk: i => 60 + Math.max(0, i - 12) }, 'disk_filling', 'ewma'],
    [
      'the threshold needs no history',
      { cpu: step(40, 97), usual: undefined } as unknown as Making,
      'cpu_spike',
      'threshold',
    ],
  ])('%s', (_, making, type, detector) => {
    const { found } = find([server('server-0001', making)])
    expect(found.map(one => [one.type, one.detector])).toEqual([[type, detector]])
  })

  test.each<[string, Making]>([
    ['constant', { cpu: 40, memory: 50, disk: 60 }],
    ['wobbling', {}],
    ['exactly on the thresholds', { cpu: 90, memory: 85, usual: undefined } as unknown as Making],
    ['two samples too high', { cpu: step(40, 99, SAMPLES - 2) }],
    ['high long ago', { cpu: i => (i < 10 ? 99 : 40) }],
    ['as busy as always at this hour', { cpu: wobble(80), usual: { cpu: { center: 80 } } }],
    ['less busy than usual', { cpu: 5, memory: 10 }],
    ['as different from day to day as it is', { cpu: 75, usual: { cpu: { center: 40, spread: 20 } } }],
    ['a disk that was cleaned', { disk: step(90, 30), usual: { disk: { center: 90 } } }],
    ['without any sample value', { cpu: Number.NaN, memory: Number.NaN, disk: Number.NaN }],
  ])('%s: silence', (_, making) => {
    expect(find([server('server-0001', making)]).found).toEqual([])
  })

  test('a season is no anomaly, at whatever hour it is looked at', () => {
    const usualAt = (at: number) => 50 + 30 * Math.sin((at / 86_400_000) * 2 * Math.PI)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 24 * 60 }), minute => {
        const shift = minute * 60_000
        const one = server('server-0001', { cpu: i => usualAt(timeOf(i) + shift) + wobble(0)(i) })
        const baseline = {
          usual: (metric: string, at: number) =>
            metric === 'cpu' ? { center: usualAt(at + shift), spread: 1 } : null,
          lastHours: () => [],
        }
        expect(find([{ ...one, baseline }]).found).toEqual([])
      }),
    )
  })

  test('it lasts until five samples are in order, and keeps its beginning and its strongest name', () => {
    const [open] = find([server('server-0001', { cpu: step(40, 97) })]).found
    const later = find([server('server-0001', { cpu: i => (i < SAMPLES - 3 ? 80 : 40) })], {
      open: open ? [open] : [],
    })
    expect(later.found).toMatchObject([
      { cause: open?.cause, type: 'cpu_spike', startedAt: open?.startedAt, value: 80 },
    ])
    const over = find([server('server-0001', { cpu: i => (i < SAMPLES - 5 ? 97 : 40) })], {
      open: open ? [open] : [],
    })
    expect(over.found).toEqual([])
  })

  test('an unusual one that passes the threshold is named after that', () => {
    const open = find([server('server-0001', { cpu: step(40, 80) })]).found
    const [now] = find([server('server-0001', { cpu: step(80, 97) })], { open }).found
    expect(now).toMatchObject({ type: 'cpu_spike', startedAt: open[0]?.startedAt })
  })

  test('two metrics are two causes', () => {
    expect(causes(find([server('server-0001', { cpu: step(40, 97), memory: step(50, 95) })]))).toEqual([
      'server:server-0001:cpu',
      'server:server-0001:memory',
    ])
  })
})

describe('a container', () => {
  const container = (restarts: (i: number) => number, more: Making = {}) =>
    watch('container', 'container-00001', { cpu: 40, memory: 40, restarts, service: 'checkout', ...more })

  test('three restarts within ten minutes are a loop', () => {
    const { found } = find([container(i => 7 + Math.max(0, Math.floor((i - 10) / 4)))])
    expect(found).toMatchObject([
      {
        cause: 'container:container-00001:restarts',
        type: 'restart_loop',
        severity: 'critical',
        value: 3,
        startedAt: timeOf(14),
      },
    ])
  })

  test.each<[string, (i: number) => number]>([
    ['two restarts', i => 7 + (i > 14 ? 1 : 0) + (i > 20 ? 1 : 0)],
    ['many restarts before the window', () => 90],
    ['made anew', step(90, 0)],
    ['nobody counts', () => Number.NaN],
  ])('%s: silence', (_, restarts) => {
    expect(find([container(restarts)]).found).toEqual([])
  })

  test('what restarts again and again is not told of its memory and its processor as well', () => {
    const one = container(i => 7 + Math.floor(i / 3), { cpu: 97, memory: 96 })
    expect(causes(find([one]))).toEqual(['container:container-00001:restarts'])
  })

  test('a loop ends five minutes after the last restart', () => {
    const open = find([container(i => 7 + Math.floor(i / 3))]).found
    expect(find([container(i => 7 + Math.min(5, Math.floor(i / 3)))], { open }).found).toHaveLength(1)
    expect(find([container(i => 7 + Math.min(4, Math.floor(i / 3)))], { open }).found).toHaveLength(0)
  })
})

describe('a service', () => {
  const usual = { errors: { center: 0.3, spread: 0.1 }, latency: { center: 80, spread: 4 } }
  const instances = (service: string, count: number, making: (n: number) => Making) =>
    Array.from({ length: count }, (_, n) =>
      watch('service', `${service}-${n + 1}`, {
        service,
        errors: 0.3,
        latency: wobble(80, 2),
        version: 'v1',
        usual,
        ...making(n),
      }),
    )

  test('a version that is slow is one anomaly, of the version', () => {
    const { found } = find(
      instances('checkout', 12, n => (n < 6 ? { version: 'v2', latency: step(80, 300) } : {})),
    )
    expect(found).toMatchObject([
      {
        cause: 'service:checkout@v2:latency',
        type: 'latency_shift',
        resource: 'checkout',
        service: 'checkout',
        version: 'v2',
        resources: 6,
        value: 300,
        expected: 80,
        sentence:
          'checkout v2 answers in 300 ms; at this hour it is usually 80 ms on 6 instances (since 10:40 UTC)',
      },
    ])
  })

  test('errors of all versions are one anomaly, of the service', () => {
    const { found } = find(
      instances('checkout', 12, n => ({ version: n < 6 ? 'v1' : 'v2', errors: step(0.3, 25) })),
    )
    expect(found).toMatchObject([
      {
        cause: 'service:checkout:errors',
        type: 'error_spike',
        detector: 'threshold',
        severity: 'critical',
        version: null,
        resources: 12,
      },
    ])
  })

  test('errors below the threshold that are unusual', () => {
    const { found } = find(instances('checkout', 8, () => ({ errors: step(0.3, 7) })))
    expect(found).toMatchObject([
      { cause: 'service:checkout@v1:errors', type: 'error_rise', detector: 'hour_of_week' },
    ])
  })

  test('without history a version is compared with the others', () => {
    const { found } = find(
      instances(
        'checkout',
        8,
        n => ({ usual: undefined, ...(n < 4 ? { version: 'v2', latency: 300 } : {}) }) as never,
      ),
    )
    expect(found).toMatchObject([{ cause: 'service:checkout@v2:latency', detector: 'peers', value: 300 }])
  })

  test('one instance that fails is told by itself, not of its service', () => {
    expect(causes(find(instances('checkout', 8, n => (n === 3 ? { errors: step(0.3, 40) } : {}))))).toEqual([
      'service:checkout-4:errors',
    ])
  })

  test('one instance that speaks a thousand times its share moves nobody', () => {
    const all = instances('checkout', 8, () => ({}))
    const loud = all[0]?.series
    for (let n = 0; loud && n < 1000; n++) {
      loud.at.push(NOW - 4000 + n)
      for (const metric of ['cpu', 'memory', 'disk', 'errors', 'latency', 'restarts'] as const)
        loud[metric].push(100)
      loud.version.push('v1')
    }
    expect(causes(find(all)).filter(cause => !cause.startsWith('service:checkout-1:'))).toEqual([])
  })

  test('a deploy is no anomaly', () => {
    const all = instances('checkout', 10, n => ({ version: i => (i > n * 2 ? 'v2' : 'v1') }))
    expect(find(all).found).toEqual([])
  })

  test('another service that is slow does not make this one slow', () => {
    const all = [
      ...instances('checkout', 6, () => ({})),
      ...instances('search', 6, () => ({ latency: step(80, 300) })),
    ]
    expect(causes(find(all))).toEqual(['service:search@v1:latency'])
  })
})

describe('silence', () => {
  const servers = (count: number, silent: number, silentFor = 4) =>
    Array.from({ length: count }, (_, n) => server(`server-${n}`, n < silent ? { silentFor } : {}))

  test('no sample for three intervals, while the others are heard', () => {
    const { found, problem } = find(servers(10, 1))
    expect(found).toMatchObject([
      {
        cause: 'server:server-0:silence',
        type: 'heartbeat_missing',
        detector: 'heartbeat',
        severity: 'critical',
        value: 125,
        expected: 30,
      },
    ])
    expect(found[0]?.sentence).toBe(
      'server-0 has sent nothing for 125 s; it should every 30 s (since 10:39 UTC)',
    )
    expect(problem).toBeNull()
  })

  test('two missed samples are no silence', () => {
    expect(find(servers(10, 1, 2)).found).toEqual([])
  })

  test('more than half at once: that is the pipeline, and it says so', () => {
    const { found, problem } = find(servers(10, 6))
    expect(found).toEqual([])
    expect(problem).toMatch(/6 of 10 are silent|No samples/)
  })

  test('nothing arrives: nobody is silent, and what is open stays as it is', () => {
    const open = find([server('server-0', { cpu: step(40, 97) }), server('server-1')]).found
    const stopped = servers(10, 10, 10)
    const { found, problem } = find(stopped, { open })
    expect(found).toEqual(open)
    expect(problem).toMatch(/No samples arrive/)
  })

  test('a window without any data, and an estate without any machine', () => {
    expect(find(servers(10, 10, SAMPLES)).problem).toMatch(/No samples arrive/)
    expect(find([])).toEqual({ found: [], problem: null })
  })

  test('when the stream comes back, those whose turn is still to come are not silent', () => {
    // The pipeline stopped for 10 samples; most have spoken once since.
    const back = Array.from({ length: 20 }, (_, n) => {
      const one = server(`server-${n}`, { silentFor: n < 6 ? 10 : 0 })
      if (n < 6) return one
      const { series } = one
      for (const values of Object.values(series) as unknown[][]) values.splice(SAMPLES - 11, 10)
      return one
    })
    expect(find(back)).toEqual({ found: [], problem: null })
  })

  test('it ends when it is heard again for good', () => {
    const open = find(servers(10, 1)).found
    const back = (samples: number) =>
      servers(10, 0).map((one, n) => {
        const gone = SAMPLES - samples - 6
        if (n === 0) for (const values of Object.values(one.series) as unknown[][]) values.splice(gone, 6)
        return one
      })
    expect(causes(find(back(1), { open }))).toEqual(['server:server-0:silence'])
    expect(causes(find(back(5), { open }))).toEqual([])
  })

  test('a machine that was taken away hours ago is no anomaly any more', () => {
    const gone = server('server-gone', { silentFor: SAMPLES, lastAt: NOW - 7 * 3_600_000 })
    expect(find([gone, ...servers(10, 0)]).found).toEqual([])
  })

  test('what is open of a machine that went silent stays open', () => {
    const open = find([server('server-0', { cpu: step(40, 97) }), ...servers(9, 0).slice(1)]).found
    const silent = server('server-0', { silentFor: SAMPLES, lastAt: NOW - 15 * 60_000 })
    expect(causes(find([silent, ...servers(9, 0).slice(1)], { open }))).toEqual([
      'server:server-0:cpu',
      'server:server-0:silence',
    ])
  })

  test('a clock that steps back makes nobody silent', () => {
    for (const back of [60_000, 600_000, 7_200_000]) {
      const { found, problem } = find(servers(10, 0), { now: NOW - back })
      expect({ found, problem }).toEqual({ found: [], problem: null })
    }
  })

  test('one machine whose clock runs ahead moves nobody', () => {
    const ahead = server('server-ahead')
    ahead.series.at = ahead.series.at.map(at => at + 240_000)
    ahead.resource.lastAt += 240_000
    expect(find([ahead, ...servers(9, 0)])).toEqual({ found: [], problem: null })
  })
})

test('samples that are far apart are not samples in a row', () => {
  const one = server('server-1', { cpu: i => (i < 20 ? 99 : 40) })
  for (const [i, at] of one.series.at.entries()) if (i < 20) one.series.at[i] = at - 200_000
  expect(find([one]).found).toEqual([])
  expect(causes(find([server('server-1', { cpu: step(40, 99, 20) })]))).toEqual(['server:server-1:cpu'])
})

test('each cause is told once, whatever the estate looks like', () => {
  const value = fc.integer({ min: 0, max: 100 })
  const machine = fc.record({
    before: value,
    after: value,
    from: fc.integer({ min: 0, max: SAMPLES }),
    silentFor: fc.nat(8),
  })
  fc.assert(
    fc.property(fc.array(machine, { maxLength: 12 }), machines => {
      const watched = machines.flatMap(({ before, after, from, silentFor }, n) => {
        const values = { cpu: step(before, after, from), memory: step(after, before, from), silentFor }
        const service = {
          service: 'checkout',
          errors: step(before, after, from),
          latency: step(before + 1, after + 1, from),
        }
        return [
          server(`server-${n}`, values),
          watch('service', `checkout-${n}`, { ...values, ...service, version: `v${n % 3}` }),
          watch('container', `container-${n}`, {
            ...values,
            restarts: step(before, after, from),
            service: 'checkout',
          }),
        ]
      })
      const first = find(watched)
      expect(new Set(causes(first)).size).toBe(first.found.length)
      // Looked at again, nothing else is found: what is remembered is what was told.
      const again = find(watched, { open: first.found })
      expect(causes(again)).toEqual(causes(first))
      for (const one of first.found) expect(one.startedAt).toBeLessThanOrEqual(NOW)
    }),
  )
})
