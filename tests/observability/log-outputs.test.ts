import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { OutputObserver } from '../../src/observability/log-destination.ts'
import { logMetrics } from '../../src/observability/log-metrics.ts'
import { type LogOutputOptions, logOutputs } from '../../src/observability/log-outputs.ts'
import { createLogger, type Log } from '../../src/observability/logger.ts'
import { createMetrics } from '../../src/observability/metrics.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { parseExposition } from '../support/exposition.ts'
import { type LokiServer, lokiServer } from '../support/loki-server.ts'
import { temporaryFolder } from '../support/world.ts'

// Standard output belongs to the test run: here it is a list, and whoever would be told of its troubles.
const stdout = vi.hoisted(() => ({ lines: [] as string[], observer: null as OutputObserver | null }))
vi.mock('../../src/observability/log-destination.ts', async original => ({
  ...(await original<object>()),
  standardOutput(observer: OutputObserver) {
    stdout.lines = []
    stdout.observer = observer
    return {
      write: (lines: string) => void stdout.lines.push(...lines.split('\n').slice(0, -1)),
      close: async () => {},
    }
  },
}))

const soon = { interval: 10, timeout: 10_000 }

function logging(options: Partial<LogOutputOptions> = {}) {
  const metrics = createMetrics({ withProcess: false })
  const m = metrics.register(logMetrics)
  const log: Log = createLogger({
    level: 'info',
    version: '1',
    commit: 'c',
    env: 'test',
    clock: systemClock,
    to: logOutputs({ logFile: null, loki: null, ...options }, metrics, m, () => log),
    counterOf: (level, event) => m.log_lines_total.bind({ level, event }),
  })
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= log.close()
    return closed
  }
  onTestFinished(close)
  const scrape = async () => parseExposition((await metrics.expose()).text)
  return {
    log,
    close,
    scrape,
    /** A counter of each output. */
    async byOutput(name: keyof typeof logMetrics) {
      const { samples } = await scrape()
      return Object.fromEntries(
        samples.filter(sample => sample.name === name).map(({ labels, value }) => [labels.output, value]),
      )
    },
    events: () => stdout.lines.map(line => JSON.parse(line)).map(({ event }) => event as string),
  }
}

const addressOf = ({ url }: LokiServer) => ({ url, user: null, password: null })
const fileIn = (folder: string) => ({ path: join(folder, 'server.log'), maxBytes: 1e6, keep: 1 })

test('what an output drops and fails begins at 0, for the outputs that there are', async () => {
  const stdoutOnly = logging()
  expect(await stdoutOnly.byOutput('log_lines_dropped_total')).toEqual({ stdout: 0 })
  const all = logging({ logFile: fileIn(temporaryFolder()), loki: addressOf(await lokiServer()) })
  for (const name of ['log_lines_dropped_total', 'log_write_failures_total'] as const)
    expect(await all.byOutput(name)).toEqual({ stdout: 0, file: 0, loki: 0 })
})

test('what an output drops and fails is counted for that output', async () => {
  const { byOutput } = logging({ logFile: fileIn(temporaryFolder()) })
  stdout.observer?.dropped(3)
  stdout.observer?.dropped(4)
  stdout.observer?.failed('EPIPE')
  expect(await byOutput('log_lines_dropped_total')).toEqual({ stdout: 7, file: 0 })
  expect(await byOutput('log_write_failures_total')).toEqual({ stdout: 1, file: 0 })
})

test('every output has every line', async () => {
  const loki = await lokiServer()
  const logFile = fileIn(temporaryFolder())
  const { log, close } = logging({ logFile, loki: addressOf(loki) })
  for (let n = 0; n < 100; n++) log.info('http_request', `line ${n}`, { n })
  await close()
  expect(stdout.lines).toHaveLength(100)
  expect(readFileSync(logFile.path, 'utf8')).toBe(`${stdout.lines.join('\n')}\n`)
  expect(loki.kept.map(({ line }) => line)).toEqual(stdout.lines)
})

test('an outage of Loki is told once when it begins and once when it ends, the next outage again', async () => {
  const loki = await lokiServer()
  const { log, events, byOutput } = logging({ loki: addressOf(loki) })
  const outage = async (number: number) => {
    loki.mood = 503
    const asked = loki.asked.length
    log.info('http_request', 'in the outage')
    await expect.poll(() => loki.asked.length, soon).toBeGreaterThanOrEqual(asked + 2)
    loki.mood = 204
    await expect
      .poll(() => events().filter(event => event === 'log_delivery_recovered').length, soon)
      .toBe(number)
  }
  await outage(1)
  await outage(2)
  await expect.poll(() => loki.kept.length, soon).toBe(stdout.lines.length)
  expect(events()).toEqual([
    'http_request',
    'log_delivery_failed',
    'log_delivery_recovered',
    'http_request',
    'log_delivery_failed',
    'log_delivery_recovered',
  ])
  const failed = JSON.parse(stdout.lines[1] as string)
  expect(failed).toMatchObject({ level: 'warn', reason: '503 the words of this Loki' })
  expect((await byOutput('log_write_failures_total')).loki).toBeGreaterThanOrEqual(4)
  expect(await byOutput('log_lines_dropped_total')).toEqual({ stdout: 0, loki: 0 })
})

test('refused lines are counted as dropped, the refusal is told once, and so is its end', async () => {
  const loki = await lokiServer()
  loki.mood = 400
  const { log, events, byOutput } = logging({ loki: addressOf(loki) })
  log.info('http_request', 'refused')
  // The line that tells of it is refused too.
  await expect.poll(async () => (await byOutput('log_lines_dropped_total')).loki, soon).toBe(2)
  loki.mood = 204
  log.info('http_request', 'taken')
  await expect.poll(() => loki.kept.length, soon).toBe(2)
  expect(events()).toEqual(['http_request', 'log_delivery_failed', 'http_request', 'log_delivery_recovered'])
})

test('a scrape says how much text waits for Loki', async () => {
  const loki = await lokiServer()
  loki.mood = 'hangs'
  const { log, scrape } = logging({ loki: addressOf(loki) })
  log.info('http_request', 'waits')
  await expect.poll(() => loki.asked.length, soon).toBe(1)
  expect((await scrape()).value('log_push_waiting_bytes')).toBe(`${stdout.lines[0]}\n`.length)
  loki.mood = 204
  loki.release()
  await expect.poll(async () => (await scrape()).value('log_push_waiting_bytes'), soon).toBe(0)
})
