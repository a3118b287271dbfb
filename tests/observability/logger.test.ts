import { expect, test } from 'vitest'
import { logMetrics } from '../../src/observability/log-metrics.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { createMetrics } from '../../src/observability/metrics.ts'
import { parseExposition } from '../support/exposition.ts'
import { fakeClock } from '../support/fake-clock.ts'

function logging(level: string) {
  const metrics = createMetrics({ withProcess: false })
  const { log_lines_total } = metrics.register(logMetrics)
  const lines: string[] = []
  const clock = fakeClock()
  const log = createLogger({
    level,
    version: '1.2.3',
    commit: 'abc',
    env: 'test',
    clock,
    to: { write: line => void lines.push(line) },
    counterOf: (of, event) => log_lines_total.bind({ level: of, event }),
  })
  return {
    log,
    lines,
    clock,
    /** What is counted, of each level and event that is not 0. */
    async counts() {
      const { samples } = parseExposition((await metrics.expose()).text)
      return Object.fromEntries(
        samples
          .filter(({ name, value }) => name === 'log_lines_total' && value > 0)
          .map(({ labels, value }) => [`${labels.level} ${labels.event}`, value]),
      )
    },
  }
}

/** One line of each level, and one that was prepared. */
function writeAll({ log }: ReturnType<typeof logging>) {
  log.debug('http_request', 'd')
  log.info('http_request', 'i')
  log.warn('borrow_denied', 'w')
  log.error('internal_error', 'e')
  log.prepared('borrow_license', 'p', {})({})
}

const all = {
  'debug http_request': 1,
  'info http_request': 1,
  'warn borrow_denied': 1,
  'error internal_error': 1,
  'info borrow_license': 1,
}
const without = (...levels: string[]) =>
  Object.fromEntries(Object.entries(all).filter(([key]) => !levels.includes(key.split(' ')[0] as string)))

test.each([
  ['trace', all],
  ['debug', all],
  ['info', without('debug')],
  ['warn', without('debug', 'info')],
  ['error', without('debug', 'info', 'warn')],
  ['silent', {}],
])('at the level %s, what is counted is what is written', async (level, expected) => {
  const world = logging(level)
  writeAll(world)
  expect(await world.counts()).toEqual(expected)
  expect(world.lines.map(line => JSON.parse(line)).map(({ level: of, event }) => `${of} ${event}`)).toEqual(
    Object.keys(expected),
  )
})

test('each further line of a level and event adds one', async () => {
  const { log, counts } = logging('info')
  const prepared = log.prepared('http_request', 'p', { method: 'GET' })
  for (let n = 0; n < 5; n++) log.info('http_request', 'i')
  for (let n = 0; n < 3; n++) prepared({ n })
  log.warn('http_request', 'w')
  expect(await counts()).toEqual({ 'info http_request': 8, 'warn http_request': 1 })
})

test('a prepared line is the line that is written without preparation', () => {
  const { log, lines } = logging('info')
  log.info('http_request', 'answered', { method: 'GET', status: 200, user: 'a"b' })
  log.prepared('http_request', 'answered', { method: 'GET' })({ status: 200, user: 'a"b' })
  expect(lines[1]).toBe(lines[0])
})

test('each line has the time at which it was written', () => {
  const { log, lines, clock } = logging('info')
  log.info('http_request', 'a')
  log.info('http_request', 'b')
  clock.advance(1)
  log.info('http_request', 'c')
  clock.set(Date.parse('2026-01-01T00:00:00Z'))
  log.info('http_request', 'd')
  expect(lines.map(line => JSON.parse(line).time)).toEqual([
    '2026-03-02T10:00:00.000Z',
    '2026-03-02T10:00:00.000Z',
    '2026-03-02T10:00:00.001Z',
    '2026-01-01T00:00:00.000Z',
  ])
})

test('when another release runs, every line names it from then on, also those that were prepared', async () => {
  const { log, lines, counts } = logging('info')
  const prepared = log.prepared('http_request', 'p', { method: 'GET' })
  const three = () => {
    prepared({ status: 200 })
    log.info('borrow_license', 'i')
    log.warn('borrow_denied', 'w')
  }
  three()
  log.runs({ version: '2.0.0', commit: 'def' })
  three()
  log.runs({ version: '1.2.3', commit: 'abc' })
  three()
  const texts = lines.map(line => line.replace('"2.0.0"', '"1.2.3"').replace('"def"', '"abc"'))
  expect(texts.slice(3, 6)).toEqual(texts.slice(0, 3))
  expect(lines.slice(6)).toEqual(lines.slice(0, 3))
  expect(lines.map(line => JSON.parse(line)).map(({ version, commit }) => `${version} ${commit}`)).toEqual([
    ...Array(3).fill('1.2.3 abc'),
    ...Array(3).fill('2.0.0 def'),
    ...Array(3).fill('1.2.3 abc'),
  ])
  expect(await counts()).toEqual({
    'info http_request': 3,
    'info borrow_license': 3,
    'warn borrow_denied': 3,
  })
})

test('a log without an end closes at once', async () => {
  await expect(logging('info').log.close()).resolves.toBeUndefined()
})
