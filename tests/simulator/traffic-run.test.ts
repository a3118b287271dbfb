import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { sendTo } from '../../scripts/send-to.ts'
import { seededRandom } from '../../src/shared/random.ts'
import {
  runTraffic,
  startTraffic,
  type TrafficOptions,
  type TrafficRun,
} from '../../src/simulator/traffic.ts'
import { type SmallServer, type SmallServerOptions, smallServer } from './traffic-server.ts'

const driven = (server: SmallServer, options: Partial<TrafficOptions> = {}): TrafficOptions => ({
  send: server.send,
  wait: server.wait,
  random: seededRandom(1),
  rate: 20,
  seconds: 5,
  ...options,
})
const people = ({ asked }: SmallServer) => asked.filter(text => !text.startsWith('/stream')).slice(1)
const borrows = (server: SmallServer) => people(server).filter(text => text.startsWith('/licenses/borrow'))
/** Of the real clock, for what owns no time: a wait of hardly anything. */
const soon = () => new Promise<void>(resolve => setTimeout(resolve, 1))

test('the same seed borrows the same for the same people in the same order, however slow the answers are', async () => {
  const delays = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 1000 }), delays, async (seed, ticks) => {
      const prompt = smallServer()
      const slow = smallServer({ delay: request => ticks[request % ticks.length] ?? 0 })
      for (const server of [prompt, slow])
        await runTraffic(driven(server, { random: seededRandom(seed), seconds: 2 }))
      expect(borrows(slow)).toEqual(borrows(prompt))
    }),
    { numRuns: 15 },
  )
})

test('whatever the server answers, everything is counted and what was granted is given back', async () => {
  const statuses = fc.array(fc.constantFrom(200, 200, 200, 409, 429, 500, 503, null), {
    minLength: 3,
    maxLength: 30,
  })
  const delays = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 9 })
  await fc.assert(
    fc.asyncProperty(statuses, delays, fc.integer({ min: 0, max: 3 }), async (answers, ticks, retries) => {
      const mayFail = (path: string) => path !== '/licenses/status'
      const server = smallServer({
        delay: request => ticks[request % ticks.length] ?? 0,
        status: (path, request) => (mayFail(path) ? (answers[request % answers.length] ?? null) : 200),
      })
      const summary = await runTraffic(driven(server, { seconds: 3, retries }))
      expect(summary.sent).toBe(people(server).length)
      expect(summary.granted - summary.returned).toBe(server.held.size)
      expect(summary.retried).toBeLessThanOrEqual(summary.failed)
      if (retries === 0) expect(summary.retried).toBe(0)
    }),
    { numRuns: 15 },
  )
})

test('the rate is kept however slow the answers are', async () => {
  const prompt = smallServer()
  const slow = smallServer({ delay: () => 20 })
  for (const server of [prompt, slow]) await runTraffic(driven(server, { rate: 23, seconds: 4 }))
  expect(borrows(slow).length).toBe(borrows(prompt).length)
  const { sent, granted } = await runTraffic(driven(smallServer(), { rate: 23, seconds: 4 }))
  expect(sent).toBeGreaterThanOrEqual(23 * 4)
  expect(granted).toBeGreaterThan(20)
})

test.each([0.1, 0.7, 3.3, 50, 333])('%d things a second are that many', async rate => {
  const server = smallServer()
  await runTraffic(driven(server, { rate, seconds: 10, mix: { borrow: 0, give_back: 0 } }))
  expect(people(server).length).toBe(Math.floor(rate * 10 + 1e-6))
})

test('waits that take too long are made up for, but not those of a machine that slept', async () => {
  const run = async (msOf: (tick: number) => number) => {
    const server = smallServer()
    let ms = 0
    const wait = async () => {
      await server.wait()
      ms += msOf(server.ticks)
    }
    const seconds = 10
    await runTraffic(
      driven(server, { wait, clock: { monotonic: () => ms }, seconds, mix: { borrow: 0, give_back: 0 } }),
    )
    return { ms, done: people(server).length }
  }
  expect((await run(() => 100)).ms).toBeCloseTo(10_000, -3)
  const late = await run(() => 270)
  expect(late.done).toBe(200)
  expect(late.ms).toBeLessThan(10_600)
  const slept = await run(tick => (tick === 50 ? 3600_000 : 100))
  expect(slept.done).toBe(200)
  expect(slept.ms).toBeGreaterThan(3600_000 + 8000)
})

test('no more than 256 requests wait for an answer', async () => {
  let most = 0
  let waiting = 0
  const server = smallServer({ delay: () => 1000 })
  const send: SmallServer['send'] = async (path, init) => {
    most = Math.max(most, ++waiting)
    return server.send(path, init).finally(() => waiting--)
  }
  const summary = await runTraffic(driven(server, { send, rate: 500, seconds: 3 }))
  expect(most).toBeGreaterThan(200)
  expect(most).toBeLessThan(260)
  expect(summary.unanswered).toBeGreaterThan(200)
})

test('a seat that is granted after the end goes back at once', async () => {
  const server = smallServer({ delay: () => 130 })
  await runTraffic(driven(server, { seconds: 2, mix: { give_back: 0 } }))
  for (let tick = 0; tick < 300; tick++) await server.wait()
  expect(server.held.size).toBe(0)
})

test('a borrow that fails is asked again at once as often as it may be, and one that is denied is not', async () => {
  const mix = { borrow: 1, give_back: 0, look: 0, ask_for_nothing: 0, frontend_error: 0 }
  const failing = (status: number | null): SmallServerOptions => ({
    status: path => (path === '/licenses/borrow' ? status : 200),
  })
  const run = (status: number | null, retries: number) =>
    runTraffic(driven(smallServer(failing(status)), { rate: 10, seconds: 2, mix, retries }))
  expect(await run(503, 3)).toMatchObject({ sent: 80, failed: 80, retried: 60, granted: 0 })
  expect(await run(null, 2)).toMatchObject({ sent: 60, failed: 60, retried: 40 })
  expect(await run(503, 0)).toMatchObject({ sent: 20, failed: 20, retried: 0 })
  expect(await run(409, 3)).toMatchObject({ sent: 20, failed: 0, retried: 0, denied: 20 })
})

test('the mix decides what is done', async () => {
  const only = async (mix: NonNullable<TrafficOptions['mix']>) => {
    const server = smallServer()
    const none = { borrow: 0, give_back: 0, look: 0, ask_for_nothing: 0, frontend_error: 0 }
    await runTraffic(driven(server, { mix: { ...none, ...mix } }))
    return new Set(people(server).map(text => text.split(' ')[0]))
  }
  expect(await only({ look: 1 })).toEqual(new Set(['/licenses/status']))
  expect(await only({ frontend_error: 3 })).toEqual(new Set(['/frontend-error']))
  expect(await only({ borrow: 1 })).toEqual(new Set(['/licenses/borrow', '/licenses/return']))
  expect(await only({ ask_for_nothing: 1 })).toEqual(new Set(['/licenses/borrow']))
})

test('people hold their seats for a while: not all of them are back at once, none for ever', async () => {
  const server = smallServer()
  const most = { held: 0 }
  const wait = async () => {
    await server.wait()
    most.held = Math.max(most.held, server.held.size)
  }
  await runTraffic(driven(server, { wait, seconds: 30, mix: { borrow: 40, give_back: 50 } }))
  expect(most.held).toBeGreaterThan(3)
  expect(most.held).toBeLessThan(30)
  expect(server.held.size).toBe(0)
})

test('its rate, mix and retries can be changed while it runs', async () => {
  const server = smallServer()
  let first = 0
  const run = startTraffic(
    driven(server, {
      seconds: 10,
      mix: { borrow: 0, give_back: 0, look: 1 },
      onProgress() {
        if (run.elapsedSeconds !== 3) return
        first = people(server).length
        run.change({ rate: 200, mix: { borrow: 0, give_back: 0, look: 0, ask_for_nothing: 0 } })
      },
    }),
  )
  const { sent } = await run.finished
  expect(first).toBeLessThan(200)
  expect(sent).toBeGreaterThan(800)
  expect(
    people(server)
      .slice(-500)
      .every(text => text.startsWith('/frontend-error')),
  ).toBe(true)
  expect(run.summary()).toMatchObject({ sent })
})

test.each([
  ['a signal', (_run: TrafficRun, abort: AbortController) => abort.abort()],
  ['its stop', (run: TrafficRun) => run.stop()],
] as const)('%s ends it early, with everything given back', async (_what, end) => {
  const server = smallServer({ delay: () => 2 })
  const abort = new AbortController()
  const run = startTraffic(driven(server, { seconds: 1e6, signal: abort.signal }))
  while (run.elapsedSeconds < 3) await soon()
  end(run, abort)
  const summary = await run.finished
  expect(summary.granted).toBeGreaterThan(5)
  expect(summary.returned).toBe(summary.granted)
  expect(server.held.size).toBe(0)
})

test('one that waits for another begins after it, or never when it was stopped before', async () => {
  const server = smallServer()
  let fail = (_error: Error) => {}
  const after = new Promise((_resolve, reject) => {
    fail = reject
  })
  const run = startTraffic(driven(server, { after, seconds: 1 }))
  const stopped = startTraffic(driven(server, { after }))
  stopped.stop()
  await server.wait()
  expect(server.asked).toEqual([])
  fail(new Error('it failed'))
  expect((await run.finished).sent).toBeGreaterThan(10)
  expect((await stopped.finished).sent).toBe(0)
})

test('browsers whose script is broken report it: version, script, line; not more than ten a second', async () => {
  const mix = { borrow: 0, give_back: 0, look: 1, ask_for_nothing: 0, frontend_error: 0 }
  const reportsOf = async (browser_script: unknown, rate: number) => {
    const server = smallServer({ room: { version: '1.4.2', browser_script, joined: 3 } })
    await runTraffic(driven(server, { rate, mix }))
    return people(server).filter(text => text.startsWith('/frontend-error'))
  }
  const half = await reportsOf(0.5, 20)
  expect(half.length).toBeGreaterThan(20)
  expect(half.length).toBeLessThan(55)
  expect(JSON.parse((half[0] ?? '').replace('/frontend-error ', ''))).toMatchObject({
    message: expect.stringMatching(/TypeError: /),
    source: '/assets/index.js?version=1.4.2',
    stack: expect.stringMatching(/^TypeError: .*\n.*\/assets\/index\.js\?version=1\.4\.2:\d+:\d+/),
    lineno: expect.any(Number),
    colno: expect.any(Number),
    userAgent: expect.stringContaining('simulated'),
  })
  expect((await reportsOf(1, 400)).length).toBeLessThanOrEqual(50)
  for (const none of [0, undefined, 'x', null]) expect(await reportsOf(none, 20)).toEqual([])
})

test('a server without that topic is not asked for it every second', async () => {
  const server = smallServer()
  await runTraffic(driven(server, { seconds: 60, rate: 1 }))
  expect(server.asked.filter(text => text.startsWith('/stream')).length).toBe(2)
})

test('a remote server that dies is counted, and does not hold it up', async () => {
  let served = 0
  const server = createServer((request, response) => {
    if (++served > 40) return void request.socket.destroy()
    const body = request.url === '/licenses/status' ? [{ tool: 'cad_tool' }] : { id: `${served}` }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  onTestFinished(() => void server.close())
  const run = startTraffic({
    send: sendTo(`http://127.0.0.1:${port}`),
    random: seededRandom(1),
    rate: 100,
    seconds: 1e6,
    retries: 2,
    wait: soon,
  })
  await expect.poll(() => run.summary().failed, { timeout: 20_000 }).toBeGreaterThan(60)
  run.stop()
  const summary = await run.finished
  expect(summary.granted).toBeGreaterThan(0)
  expect(summary.retried).toBeGreaterThan(0)
})

test('a server that is not there is said at once', async () => {
  const send = () => Promise.reject(new Error('connect ECONNREFUSED'))
  await expect(runTraffic(driven(smallServer(), { send }))).rejects.toThrow('ECONNREFUSED')
  const broken = smallServer({ status: () => 503 })
  await expect(runTraffic(driven(broken))).rejects.toThrow('/licenses/status answers 503')
})
