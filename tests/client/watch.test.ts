import { expect, onTestFinished, test } from 'vitest'
import { createEventParser } from '../../src/client/event-parser.ts'
import { createClient, type Fetch, type PoolsFrame } from '../../src/client/index.ts'
import { borrow, listening } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

const frame = (at: string) =>
  `event: pools\nid: b-${at}\ndata: {"pools":[],"borrows":[],"open_borrows":0,"at":"${at}"}\n\n`

/** A client whose connections bring these texts, one after the other, and then break. */
function brokenStream(...connections: (string | Response)[]) {
  const asked: Headers[] = []
  const waits: number[] = []
  const fetch: Fetch = async (_url, init) => {
    asked.push(new Headers(init.headers))
    const next = connections.shift()
    if (next === undefined) throw new TypeError('no connection')
    return typeof next === 'string' ? new Response(next) : next
  }
  const stop = new AbortController()
  const client = createClient({
    url: 'http://twinloop.test',
    fetch,
    random: () => 0.5,
    retry: { attempts: 3 },
    sleep: async ms => {
      waits.push(ms)
      if (waits.length > 20) stop.abort()
    },
  })
  return { client, asked, waits, stop }
}

test('a watcher sees the pools at once, and each change, until its signal aborts', async () => {
  const world = createWorld()
  const { origin } = await listening(world)
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const states: string[] = []
  const seen: number[] = []
  const client = createClient({ url: `${origin}/` })
  for await (const { pools, borrows } of client.watch({
    signal: stop.signal,
    onConnection: state => states.push(state),
  })) {
    const cad = pools.find(({ tool }) => tool === 'cad_tool')
    seen.push(cad?.borrowed ?? -1)
    if (seen.length === 1) {
      world.clock.advance(60_000)
      await borrow(world)
    }
    if (borrows.length > 0) stop.abort()
    world.clock.advance(1000)
  }
  expect(seen[0]).toBe(0)
  expect(seen.at(-1)).toBe(1)
  expect(states).toEqual(['live'])
})

test('a stream that breaks is opened anew, and says what was seen last', async () => {
  const { client, asked, waits } = brokenStream(frame('1'), '', frame('2'))
  const told: string[] = []
  const frames: PoolsFrame[] = []
  for await (const seen of client.watch({ onConnection: state => told.push(state) })) {
    frames.push(seen)
    if (seen.at === '2') break
  }
  expect(frames.map(({ at }) => at)).toEqual(['1', '2'])
  expect(asked.map(headers => headers.get('last-event-id'))).toEqual([null, 'b-1', 'b-1'])
  expect(told).toEqual(['live', 'reconnecting', 'reconnecting', 'live'])
  expect(waits).toEqual([750, 1500])
})

test('a server that says goodbye is left alone for as long as it asks', async () => {
  const { client, waits } = brokenStream(`${frame('1')}event: bye\ndata: {"retry_ms":4321}\n\n`, frame('2'))
  for await (const { at } of client.watch()) if (at === '2') break
  expect(waits).toEqual([4321])
})

test('an outage after that is bridged for as long as anybody watches', async () => {
  const { client, stop, waits } = brokenStream(frame('1'))
  const frames = []
  for await (const seen of client.watch({ signal: stop.signal })) frames.push(seen)
  expect(frames.length).toBe(1)
  expect(Math.max(...waits)).toBe(22_500)
})

test('a server that was never there is told', async () => {
  const { client } = brokenStream()
  const first = client.watch()[Symbol.asyncIterator]().next()
  await expect(first).rejects.toMatchObject({ name: 'Unreachable', attempts: 3 })
})

test('a server that refuses is told at once', async () => {
  const problem = JSON.stringify({ reason: 'not_found', detail: 'Nothing here' })
  const { client, asked } = brokenStream(new Response(problem, { status: 404 }))
  const first = client.watch()[Symbol.asyncIterator]().next()
  await expect(first).rejects.toMatchObject({ name: 'RequestFailed', code: 'not_found' })
  expect(asked.length).toBe(1)
})

test.each(['\n', '\r\n', '\r'])(
  'events are read in whatever pieces they come, with lines ended by %j',
  end => {
    const text = [
      ': hello',
      'event: a',
      'id: 1',
      'data: one',
      'data:  two',
      '',
      'data',
      '',
      'retry: 5',
      '',
    ].join(end)
    for (let size = 1; size <= text.length; size++) {
      const parse = createEventParser()
      const messages = []
      for (let at = 0; at < text.length; at += size) messages.push(...parse(text.slice(at, at + size)))
      messages.push(...parse(':'))
      expect(messages).toEqual([
        { event: 'a', id: '1', data: 'one\n two' },
        { event: 'message', id: '1', data: '' },
      ])
    }
  },
)
