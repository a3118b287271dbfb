import { expect, test, vi } from 'vitest'
import { fakePage, webModule } from './fake-page.ts'

interface Live {
  openLive(listeners: {
    pools?: (frame: object) => void
    activity?: (frame: object) => void
    state: (state: string) => void
  }): () => void
}

const { openLive } = await webModule<Live>('live')

function openPage() {
  const page = fakePage()
  const states: string[] = []
  const frames: object[] = []
  const close = openLive({ pools: frame => frames.push(frame), state: state => states.push(state) })
  return { page, states, frames, close, state: () => states.at(-1) }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

test('only the topics with a listener are asked for', () => {
  const { page } = openPage()
  expect(page.stream.url).toBe('/stream?topics=pools')
})

test('a frame makes the page live and is handed on', () => {
  const { page, frames, states } = openPage()
  page.stream.says('pools', { open_borrows: 3 })
  expect(frames).toEqual([{ open_borrows: 3 }])
  expect(states).toEqual(['connecting', 'live'])
})

test('a broken stream is built anew after 0.5 to 1.5 s', async () => {
  const { page, state } = openPage()
  page.stream.says('pools')
  page.stream.breaks()
  expect(state()).toBe('reconnecting')
  await pass(499)
  expect(page.streams.length).toBe(1)
  await pass(1001)
  expect(page.streams.length).toBe(2)
  page.stream.says('pools')
  expect(state()).toBe('live')
})

test('each failure in a row waits longer, to at most 45 s', async () => {
  const { page } = openPage()
  page.snapshot = null
  const waits: number[] = []
  for (let failure = 0; failure < 9; failure++) {
    const before = page.streams.length
    const at = Date.now()
    page.stream.breaks()
    while (page.streams.length === before) await pass(50)
    waits.push(Date.now() - at)
  }
  waits.forEach((wait, failure) => {
    const middle = Math.min(30_000, 1000 * 2 ** failure)
    expect(wait).toBeGreaterThanOrEqual(middle * 0.5)
    expect(wait).toBeLessThanOrEqual(middle * 1.5 + 50)
  })
})

test('bye: the page waits as long as the server asked, then connects', async () => {
  const { page, state } = openPage()
  page.stream.says('pools')
  page.stream.says('bye', { retry_ms: 4200 })
  expect(state()).toBe('reconnecting')
  expect(page.open).toBe(0)
  await pass(4199)
  expect(page.streams.length).toBe(1)
  await pass(1)
  expect(page.streams.length).toBe(2)
})

test('a stream that falls silent for 35 s is built anew; a heartbeat is enough to keep it', async () => {
  const { page, state } = openPage()
  page.stream.says('pools')
  for (let beats = 0; beats < 4; beats++) {
    await pass(15_000)
    page.stream.says('heartbeat')
  }
  expect(page.streams.length).toBe(1)
  await pass(34_999)
  expect(state()).toBe('live')
  await pass(1)
  expect(state()).toBe('reconnecting')
  await pass(1500)
  expect(page.streams.length).toBe(2)
})

test('after three failures in a row the state is polled every three seconds', async () => {
  const { page, frames, state } = openPage()
  for (let failure = 0; failure < 3; failure++) {
    expect(page.asked).toEqual([])
    page.stream.breaks()
    if (failure < 2) await pass(3000)
  }
  await pass(0)
  expect(page.asked).toEqual(['/stream/snapshot?topics=pools'])
  expect(frames).toEqual([{ pools: [] }])
  expect(state()).toBe('polling')
  await pass(3000)
  expect(page.asked.length).toBe(2)
})

test('where nothing comes in ten seconds, as behind a proxy that holds streams back, it is polled at once', async () => {
  const { page, state } = openPage()
  await pass(9999)
  expect(page.asked.length).toBe(0)
  await pass(1)
  expect(page.asked.length).toBe(1)
  expect(state()).toBe('polling')
})

test('polling that fails too says so, and goes on', async () => {
  const { page, state } = openPage()
  page.snapshot = null
  await pass(10_000)
  expect(state()).toBe('reconnecting')
  page.snapshot = { pools: {} }
  await pass(3000)
  expect(state()).toBe('polling')
})

test('a stream that works again ends the polling', async () => {
  const { page, state } = openPage()
  await pass(10_000)
  while (page.open === 0) await pass(500)
  page.stream.says('pools')
  const asked = page.asked.length
  await pass(9000)
  expect(page.asked.length).toBe(asked)
  expect(state()).toBe('live')
})

test('a page hidden for 30 s lets go of its stream; shown again it connects at once', async () => {
  const { page, state } = openPage()
  page.stream.says('pools')
  page.hide()
  await pass(29_999)
  expect(page.open).toBe(1)
  await pass(1)
  expect([page.open, state()]).toEqual([0, 'paused'])
  await pass(600_000)
  page.fire('online')
  expect(page.open).toBe(0)
  page.show()
  expect([page.open, state()]).toEqual([1, 'connecting'])
  page.stream.says('pools')
  expect(state()).toBe('live')
})

test('a page hidden for a moment keeps its stream', async () => {
  const { page } = openPage()
  page.stream.says('pools')
  page.hide()
  await pass(5000)
  page.show()
  await pass(29_000)
  expect([page.streams.length, page.open]).toEqual([1, 1])
})

test('a phone that slept does not trust a stream it has not heard for 20 s', () => {
  const { page } = openPage()
  page.stream.says('pools')
  page.hide()
  // Timers slept too; only the clock went on.
  vi.setSystemTime(Date.now() + 20_000)
  page.show()
  expect([page.streams.length, page.open]).toEqual([2, 1])
})

test('a page opened in the background lets go too', async () => {
  const page = fakePage()
  page.hide()
  openLive({ pools: () => {}, state: () => {} })
  await pass(30_000)
  expect(page.open).toBe(0)
})

test('another network: the stream is built anew', () => {
  const { page } = openPage()
  page.stream.says('pools')
  page.fire('online')
  expect([page.streams.length, page.open]).toEqual([2, 1])
})

test('a page put aside has no stream; taken out again it connects', () => {
  const { page, state } = openPage()
  page.stream.says('pools')
  page.fire('pagehide')
  expect([page.open, state()]).toEqual([0, 'paused'])
  page.fire('pageshow', { persisted: true })
  expect([page.open, state()]).toEqual([1, 'connecting'])
})

test('a first showing is not a return', () => {
  const { page } = openPage()
  page.fire('pageshow', { persisted: false })
  expect(page.streams.length).toBe(1)
})

test('closed means closed: no stream, no timer, no listener', async () => {
  const { page, close } = openPage()
  page.stream.says('pools')
  close()
  page.show()
  page.fire('online')
  page.fire('pageshow', { persisted: true })
  await pass(600_000)
  expect([page.open, page.streams.length, vi.getTimerCount()]).toEqual([0, 1, 0])
})
