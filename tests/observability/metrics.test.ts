import { expect, test } from 'vitest'
import { createMetrics, type MetricTable } from '../../src/observability/metrics.ts'
import { type Exposition, parseExposition } from '../support/exposition.ts'

const table = {
  borrows_total: { type: 'counter', help: 'Borrows', labels: ['tool'] },
  sweeps_total: { type: 'counter', help: 'Sweeps', labels: [] },
  seats: { type: 'gauge', help: 'Seats', labels: ['tool'] },
  duration_seconds: { type: 'histogram', help: 'Durations', labels: ['tool'], buckets: [0.1, 1] },
  named_seconds: {
    type: 'histogram',
    help: 'With names',
    labels: ['tool'],
    buckets: [0.1, 1],
    exemplars: true,
  },
} as const satisfies MetricTable

function measured() {
  const metrics = createMetrics({ withProcess: false })
  const m = metrics.register(table)
  return { metrics, m, text: async () => (await metrics.expose()).text }
}

function busy() {
  const world = measured()
  const { m } = world
  m.borrows_total.inc({ tool: 'a"\\\nb' })
  const bound = m.borrows_total.bind({ tool: 'cad' })
  bound.inc()
  bound.inc(4)
  m.sweeps_total.inc({}, 2.5)
  m.seats.set({ tool: 'cad' }, -3)
  for (const value of [0.05, 0.5, 5]) m.duration_seconds.observe({ tool: 'cad' }, value)
  m.named_seconds.observe({ tool: 'cad' }, 0.5, { request_id: 'request-1' })
  m.named_seconds.observe({ tool: 'cad' }, 0.6, { request_id: 'request-2' })
  m.named_seconds.observe({ tool: 'cad' }, 7)
  return world
}

/** OpenMetrics as the old text: no end mark, no exemplars, and the family of a counter by its full name. */
function asText(openMetrics: string): Exposition {
  expect(openMetrics).toMatch(/[^\n]\n# EOF\n$/)
  const counters = new Set(Array.from(openMetrics.matchAll(/^# TYPE (\S+) counter$/gm), ([, name]) => name))
  return parseExposition(
    openMetrics
      .replace(/# EOF\n$/, '')
      .replaceAll(/^(.+) # \{.*$/gm, '$1')
      .replaceAll(/^# (HELP|TYPE) (\S+)/gm, (_, kind, name) =>
        counters.has(name) ? `# ${kind} ${name}_total` : `# ${kind} ${name}`,
      ),
  )
}

const sorted = ({ samples, types, helps }: Exposition) => ({
  samples: samples.map(sample => JSON.stringify(sample)).sort(),
  types,
  helps,
})

test('text and OpenMetrics say the same of every metric: names, types, help and values', async () => {
  const { metrics, text } = busy()
  const open = await metrics.expose('openmetrics')
  expect(sorted(asText(open.text))).toEqual(sorted(parseExposition(await text())))
  expect(open.contentType).toMatch(/^application\/openmetrics-text; version=1\.0\.0/)
  expect((await metrics.expose()).contentType).toMatch(/^text\/plain; version=0\.0\.4/)
})

test('in OpenMetrics a counter’s family has no _total and its samples have it', async () => {
  const { text } = await busy().metrics.expose('openmetrics')
  expect(text).toContain('# TYPE borrows counter\n')
  expect(text).toContain('# HELP borrows Borrows\n')
  expect(text).toContain('borrows_total{tool="cad"} 5\n')
  expect(text).not.toMatch(/_total_total|^# \w+ \w+_total/m)
})

test('a text scrape is the same before and after any number of OpenMetrics scrapes', async () => {
  const { metrics, text } = busy()
  const before = await text()
  const open = (await metrics.expose('openmetrics')).text
  expect(await text()).toBe(before)
  expect((await metrics.expose('openmetrics')).text).toBe(open)
  expect(await text()).toBe(before)
})

test('two scrapes of different formats at once do not touch each other', async () => {
  const { metrics, text } = busy()
  const alone = [await text(), (await metrics.expose('openmetrics')).text]
  const [one, two, three, four] = await Promise.all([
    metrics.expose(),
    metrics.expose('openmetrics'),
    metrics.expose(),
    metrics.expose('openmetrics'),
  ])
  expect([one.text, two.text]).toEqual(alone)
  expect([three.text, four.text]).toEqual(alone)
})

test('an exemplar names the last request of its bucket, in OpenMetrics only', async () => {
  const { metrics, text } = busy()
  const open = (await metrics.expose('openmetrics')).text
  const withExemplar = open.split('\n').filter(line => line.includes(' # {'))
  expect(withExemplar).toEqual([
    expect.stringMatching(
      /^named_seconds_bucket\{.*le="1".*\} 2 # \{request_id="request-2"\} 0\.6 \d+(\.\d+)?$/,
    ),
  ])
  expect(await text()).not.toContain('request-')
})

test('an observation without a name is in a bucket like any other', async () => {
  const { value } = parseExposition(await busy().text())
  expect(value('named_seconds_bucket', { tool: 'cad', le: '0.1' })).toBe(0)
  expect(value('named_seconds_bucket', { tool: 'cad', le: '1' })).toBe(2)
  expect(value('named_seconds_bucket', { tool: 'cad', le: '+Inf' })).toBe(3)
  expect(value('named_seconds_sum', { tool: 'cad' })).toBeCloseTo(8.1)
  expect(value('named_seconds_count', { tool: 'cad' })).toBe(3)
})

test('total() takes over a stored count, whatever was counted before, and of this series only', async () => {
  const { m, text } = measured()
  m.borrows_total.inc({ tool: 'cad' }, 2)
  m.borrows_total.inc({ tool: 'other' })
  m.borrows_total.total({ tool: 'cad' }, 41)
  m.borrows_total.total({ tool: 'new' }, 0)
  m.sweeps_total.total({}, 7)
  m.borrows_total.inc({ tool: 'cad' })
  const { value } = parseExposition(await text())
  expect(value('borrows_total', { tool: 'cad' })).toBe(42)
  expect(value('borrows_total', { tool: 'other' })).toBe(1)
  expect(value('borrows_total', { tool: 'new' })).toBe(0)
  expect(value('sweeps_total')).toBe(7)
  m.borrows_total.total({ tool: 'cad' }, 3)
  expect(parseExposition(await text()).value('borrows_total', { tool: 'cad' })).toBe(3)
})

test('zero() shows a series before its first observation', async () => {
  const { m, text } = measured()
  expect(parseExposition(await text()).value('duration_seconds_count', { tool: 'cad' })).toBeUndefined()
  m.duration_seconds.zero({ tool: 'cad' })
  m.named_seconds.zero({ tool: 'cad' })
  const { value } = parseExposition(await text())
  for (const name of ['duration_seconds', 'named_seconds']) {
    expect(value(`${name}_count`, { tool: 'cad' })).toBe(0)
    expect(value(`${name}_bucket`, { tool: 'cad', le: '0.1' })).toBe(0)
  }
})

test('a bound series is shown as 0, and counts once however often it is scraped, in either format', async () => {
  const { m, metrics, text } = measured()
  const bound = m.borrows_total.bind({ tool: 'cad' })
  const now = async () => parseExposition(await text()).value('borrows_total', { tool: 'cad' })
  expect(await now()).toBe(0)
  bound.inc()
  m.borrows_total.inc({ tool: 'cad' })
  m.borrows_total.bind({ tool: 'cad' }).inc()
  await metrics.expose('openmetrics')
  expect(await now()).toBe(3)
  expect(await now()).toBe(3)
  bound.inc(2)
  expect(await now()).toBe(5)
})

test('a gauge’s series that is removed is gone, and the others stay', async () => {
  const { m, text } = measured()
  m.seats.set({ tool: 'cad' }, 1)
  m.seats.set({ tool: 'analysis' }, 2)
  m.seats.remove({ tool: 'cad' })
  m.seats.remove({ tool: 'never there' })
  expect(parseExposition(await text()).samples.filter(({ name }) => name === 'seats')).toMatchObject([
    { labels: { tool: 'analysis' }, value: 2 },
  ])
})

test('before each scrape, and only then, gauges are read from their stores', async () => {
  const { m, metrics, text } = measured()
  let seats = 0
  metrics.beforeScrape(async () => {
    await Promise.resolve()
    m.seats.set({ tool: 'cad' }, ++seats)
  })
  expect(seats).toBe(0)
  expect(parseExposition(await text()).value('seats', { tool: 'cad' })).toBe(1)
  expect(asText((await metrics.expose('openmetrics')).text).value('seats', { tool: 'cad' })).toBe(2)
})

test('two registries know nothing of each other', async () => {
  const [one, two] = [measured(), measured()]
  one.m.borrows_total.inc({ tool: 'cad' })
  expect(parseExposition(await two.text()).value('borrows_total', { tool: 'cad' })).toBeUndefined()
})

test('a name belongs to one table', () => {
  const { metrics } = measured()
  expect(() => metrics.register({ seats: table.seats })).toThrow(/seats/)
})
