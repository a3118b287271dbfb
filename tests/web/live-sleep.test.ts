import { expect, test, vi } from 'vitest'
import { fakePage, webModule } from './fake-page.ts'

interface Live {
  openLive(
    listeners: { pools?: (frame: object) => void; state: (state: string) => void },
    options?: { everyMs?: number },
  ): () => void
}

const { openLive } = await webModule<Live>('live')
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

function openPage(options?: { everyMs?: number }) {
  const page = fakePage()
  const states: string[] = []
  const close = openLive({ pools: () => {}, state: state => states.push(state) }, options)
  return { page, states, close }
}

/** The clock goes on, nothing else does. */
const sleep = (ms: number) => vi.setSystemTime(Date.now() + ms)

test('a page for phones asks for a calm pace', () => {
  const { page } = openPage({ everyMs: 1000 })
  expect(page.stream.url).toBe('/stream?topics=pools&every=1000')
})

test('a laptop that slept with the page in view builds its stream anew within seconds of waking', async () => {
  const { page, states } = openPage()
  page.stream.says('pools')
  await pass(10_000)
  sleep(3600_000)
  await pass(5000)
  expect([page.streams.length, page.open]).toEqual([2, 1])
  page.stream.says('pools')
  expect(states.at(-1)).toBe('live')
  await pass(14_000)
  expect(page.streams.length).toBe(2)
})

test('a stream that spoke since the laptop woke is kept', async () => {
  const { page } = openPage()
  page.stream.says('pools')
  await pass(10_000)
  sleep(3600_000)
  page.stream.says('heartbeat')
  await pass(14_000)
  expect(page.streams.length).toBe(1)
})

test('a laptop that wakes with the page out of view waits until it is looked at', async () => {
  const { page } = openPage()
  page.stream.says('pools')
  page.hide()
  await pass(40_000)
  sleep(3600_000)
  await pass(60_000)
  expect(page.open).toBe(0)
  page.show()
  expect(page.open).toBe(1)
})

test('a clock that is set back is no sleep', async () => {
  const { page } = openPage()
  page.stream.says('pools')
  await pass(10_000)
  sleep(-3600_000)
  await pass(14_000)
  expect(page.streams.length).toBe(1)
})

test('closed means closed: nothing looks at the clock any more', () => {
  const { close } = openPage()
  close()
  expect(vi.getTimerCount()).toBe(0)
})
