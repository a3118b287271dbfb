import { expect, test } from 'vitest'
import { eventNames } from '../../src/observability/event-names.ts'
import { metrics, series } from '../../src/telemetry.ts'

const names = Object.entries(metrics)

test('no label takes a name that Prometheus gives itself', () => {
  const taken = /^(job|instance|le|quantile|__.*|exported_.*)$/
  const wrong = names.flatMap(([name, { labels }]) =>
    labels.filter(label => taken.test(label)).map(label => [name, label]),
  )
  expect(wrong).toEqual([])
})

test('names say their unit and kind as Prometheus does: counters end in _total, histograms in seconds or a size', () => {
  for (const [name, { type }] of names) {
    expect(name).toMatch(/^[a-z][a-z\d_]*$/)
    if (type === 'counter') expect(name).toMatch(/_total$/)
    if (type === 'histogram') expect(name).toMatch(/_(seconds|size)$/)
  }
})

test('a gauge is not taken for a counter by its name, but for one of the original’s', () => {
  const gauges = names
    .filter(([name, { type }]) => type === 'gauge' && name.endsWith('_total'))
    .map(([name]) => name)
  expect(gauges).toEqual(['licenses_total'])
})

test('every event is a word that needs no escaping in a query', () => {
  for (const event of eventNames) expect(event).toMatch(/^[a-z]+(_[a-z]+)*$/)
})

test.each([
  [series('licenses_free'), 'licenses_free{job="license-server"}'],
  [series('licenses_free', { tool: 'cad_tool' }), 'licenses_free{job="license-server",tool="cad_tool"}'],
  [
    series('http_requests_total', { status: { matches: '5..' }, route: { not: '/metrics' } }),
    'http_requests_total{job="license-server",status=~"5..",route!="/metrics"}',
  ],
  [
    series('license_borrow_duration_seconds_bucket', { le: '0.25', tool: { notMatches: 'a"b' } }),
    'license_borrow_duration_seconds_bucket{job="license-server",le="0.25",tool!~"a\\"b"}',
  ],
])('a selector is written as Prometheus reads it: %s', (written, wanted) => {
  expect(written).toBe(wanted)
})
