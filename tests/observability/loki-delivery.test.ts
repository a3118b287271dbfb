import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { entriesIn, persistent } from '../../src/observability/loki-delivery.ts'

// The promised timer is made of the one that can be faked.
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise(resolve => setTimeout(resolve, ms)),
}))
beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const url = new URL('http://loki.test/loki/api/v1/push')
const bodyOf = (...lines: string[]) =>
  JSON.stringify({ streams: lines.map(line => ({ stream: { job: 'a' }, values: [['1', line]] })) })
const request = { method: 'POST', headers: { authorization: 'b' }, body: bodyOf('one', 'two', 'three') }
const unreachable = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED ::1:3100') })

type Outcome = number | Error | Promise<Response>

/** A Loki that answers these outcomes in turn, and the last one for ever. */
function road(...outcomes: Outcome[]) {
  const tries: { at: number; to: URL; request: RequestInit }[] = []
  const told: (string | [number, string])[] = []
  const send = persistent(
    async (to, how) => {
      const outcome = outcomes[Math.min(tries.length, outcomes.length - 1)] as Outcome
      tries.push({ at: Date.now(), to, request: how })
      if (outcome instanceof Error) throw outcome
      if (typeof outcome !== 'number') return outcome
      return new Response(outcome === 204 ? null : `words of ${outcome}`, { status: outcome })
    },
    {
      failing: reason => void told.push(reason),
      recovered: () => void told.push('recovered'),
      refused: (lines, reason) => void told.push([lines, reason]),
    },
  )
  return {
    told,
    tries,
    send: () => send(url, request),
    waits: () => tries.slice(1).map(({ at }, index) => at - (tries[index]?.at ?? 0)),
  }
}

test.each([200, 204])('%i: taken, with one try and without a word', async status => {
  const { send, tries, told } = road(status)
  expect((await send()).ok).toBe(true)
  expect(tries).toHaveLength(1)
  expect(told).toEqual([])
})

test.each([408, 429, 500, 502, 503, 504])('%i: told, and tried again', async status => {
  const { send, tries, told } = road(status, 204)
  const sent = send()
  await vi.advanceTimersByTimeAsync(250)
  expect((await sent).status).toBe(204)
  expect(tries).toHaveLength(2)
  expect(told).toEqual([`${status} words of ${status}`, 'recovered'])
})

test.each([400, 401, 403, 404, 413, 422])(
  '%i: refused for good, its lines counted, not tried again',
  async status => {
    const { send, tries, told } = road(status)
    expect((await send()).ok).toBe(true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(tries).toHaveLength(1)
    expect(told).toEqual([[3, `${status} words of ${status}`]])
  },
)

test('a network that is gone is named, and tried again', async () => {
  const { send, told } = road(unreachable, 204)
  const sent = send()
  await vi.advanceTimersByTimeAsync(250)
  await sent
  expect(told).toEqual(['fetch failed: connect ECONNREFUSED ::1:3100', 'recovered'])
})

test('the waits are 0.25, 0.5, 1, 2, 4 and then always 5 seconds', async () => {
  const { send, waits } = road(unreachable)
  void send()
  await vi.advanceTimersByTimeAsync(250 + 500 + 1000 + 2000 + 4000 + 5000 + 5000)
  expect(waits()).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000])
  await vi.advanceTimersByTimeAsync(60 * 60_000)
  expect(waits()).toHaveLength(7 + 720)
})

test('the waits of the next request begin at 0.25 seconds again', async () => {
  const { send, waits } = road(500, 500, 500, 204, 500, 204)
  const first = send()
  await vi.advanceTimersByTimeAsync(1750)
  await first
  void send()
  await vi.advanceTimersByTimeAsync(250)
  expect(waits()).toEqual([250, 500, 1000, 0, 250])
})

test('every try is the same request to the same address', async () => {
  const { send, tries } = road(500, unreachable, 429, 204)
  void send()
  await vi.advanceTimersByTimeAsync(1750)
  expect(tries).toHaveLength(4)
  for (const { to, request: sent } of tries) {
    expect(to).toBe(url)
    expect(sent).toMatchObject(request)
  }
})

test('`recovered` is told once after failures, and not after a request that just works', async () => {
  const { send, told } = road(500, 500, 204, 204, 204)
  const first = send()
  await vi.advanceTimersByTimeAsync(750)
  await first
  await send()
  await send()
  expect(told.filter(word => word === 'recovered')).toHaveLength(1)
  expect(told.at(-1)).toBe('recovered')
})

test('`recovered` is told after a refusal too: Loki takes lines again', async () => {
  const { send, told } = road(400, 204, 204)
  await send()
  await send()
  await send()
  expect(told).toEqual([[3, '400 words of 400'], 'recovered'])
})

test('a try that gets no answer is given up after ten seconds, and the next has its own ten', async () => {
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(ms => {
    const abort = new AbortController()
    setTimeout(() => abort.abort(new DOMException('too late', 'TimeoutError')), ms)
    return abort.signal
  })
  const starts: number[] = []
  const hang = (_: URL, { signal }: RequestInit) =>
    new Promise<Response>((_, reject) => {
      starts.push(Date.now())
      signal?.addEventListener('abort', () => reject(signal.reason))
    })
  const reasons: string[] = []
  const send = persistent(hang, { failing: reason => reasons.push(reason), recovered() {}, refused() {} })
  void send(url, { ...request, signal: AbortSignal.abort() })
  await vi.advanceTimersByTimeAsync(10_000 + 250 + 10_000)
  expect(starts.map(at => at - (starts[0] ?? 0))).toEqual([0, 10_250])
  expect(reasons).toEqual(['too late', 'too late'])
})

test('an answer that breaks off is a failure of the network: told, and tried again', async () => {
  const broken = new ReadableStream({ pull: to => to.error(new TypeError('terminated')) })
  const { send, tries, told } = road(Promise.resolve(new Response(broken, { status: 503 })), 204)
  const sent = send()
  await vi.advanceTimersByTimeAsync(250)
  expect((await sent).status).toBe(204)
  expect(tries).toHaveLength(2)
  expect(told).toEqual([expect.stringContaining('503'), 'recovered'])
})

test('a refusal stays one when its words break off', async () => {
  const broken = new ReadableStream({ pull: to => to.error(new TypeError('terminated')) })
  const { send, tries, told } = road(Promise.resolve(new Response(broken, { status: 400 })))
  await send()
  expect(tries).toHaveLength(1)
  expect(told).toEqual([[3, expect.stringContaining('400')]])
})

test('a long answer is cut: a reason is one short line of the log', async () => {
  const { send, told } = road(Promise.resolve(new Response('x'.repeat(100_000), { status: 500 })), 204)
  void send()
  await vi.advanceTimersByTimeAsync(250)
  expect(String(told[0]).length).toBeLessThan(400)
})

test.each([
  ['nothing', []],
  ['one line', ['a']],
  [
    'lines that look like entries',
    ['"values":[["1","x"]]', '\\"values\\":[[', '{"values":[["1"]]}', '\u2028'],
  ],
])('the lines of a request are counted by its text: %s', (_, lines) => {
  expect(entriesIn(bodyOf(...lines))).toBe(lines.length)
})
