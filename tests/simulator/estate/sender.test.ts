import { expect, test } from 'vitest'
import type { Message } from '../../../src/simulator/estate/batches.ts'
import { createSender, LIVE_MAX, UNDER_WAY_MAX } from '../../../src/simulator/estate/sender.ts'
import { createScheduler } from '../../../src/simulator/vehicles/scheduler.ts'
import { fakeClock } from '../../support/fake-clock.ts'

/** A broker that answers when the test says so. */
function world() {
  const clock = fakeClock()
  const scheduler = createScheduler(clock)
  const sent: string[] = []
  const pending: { payload: string; resolve: () => void; reject: (error: Error) => void }[] = []
  const sender = createSender({
    publish: (_topic, payload) =>
      new Promise((resolve, reject) => {
        sent.push(payload)
        pending.push({ payload, resolve, reject })
      }),
    clock,
    scheduler,
    changed: () => {},
  })
  const settle = () => new Promise(resolve => setImmediate(resolve))
  return {
    sender,
    sent,
    pending,
    clock,
    settle,
    async answer(error?: Error) {
      for (const { resolve, reject } of pending.splice(0)) error ? reject(error) : resolve()
      await settle()
    },
    async pass(ms: number) {
      clock.advance(ms)
      scheduler.run()
      await settle()
    },
  }
}

const message = (payload: string, samples = 1): Message => ({ topic: 'estate/server', payload, samples })
const away = new Error('away')

test('no more than a few messages of a lane are unacknowledged at a time', async () => {
  const { sender, pending, answer } = world()
  for (let index = 0; index < 3 * UNDER_WAY_MAX; index++) sender.past(message(`past ${index}`), () => {})
  expect(pending).toHaveLength(UNDER_WAY_MAX)
  await answer()
  expect(pending).toHaveLength(UNDER_WAY_MAX)
})

test('there is no room for history while its messages are under way, or something live waits', async () => {
  const { sender, answer } = world()
  expect(sender.hasRoom).toBe(true)
  for (let index = 0; index < UNDER_WAY_MAX; index++) sender.past(message('past'), () => {})
  expect(sender.hasRoom).toBe(false)
  await answer()
  expect(sender.hasRoom).toBe(true)
  for (let index = 0; index <= UNDER_WAY_MAX; index++) sender.live(message('live'))
  expect(sender.hasRoom).toBe(false)
})

test('what is live goes first, also when history waits for a broker that was away', async () => {
  const { sender, sent, answer, pass } = world()
  sender.past(message('past'), () => {})
  await answer(away)
  sender.live(message('live'))
  await pass(500)
  expect(sent).toEqual(['past', 'live', 'past'])
})

test('what fails is tried again, later and later, with the same bytes', async () => {
  const { sender, sent, answer, pass } = world()
  sender.live(message('a'))
  const waits: number[] = []
  for (let attempt = 1; attempt <= 8; attempt++) {
    await answer(away)
    let waited = 0
    while (sent.length === attempt) {
      await pass(500)
      waited += 500
    }
    waits.push(waited)
  }
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
  expect(new Set(sent)).toEqual(new Set(['a']))
  await answer()
  expect(sender.counts()).toMatchObject({ done: 1, waiting: 0, problem: null })
})

test('what failed goes again before what came later, in the old order', async () => {
  const { sender, sent, answer, pass } = world()
  const names = Array.from({ length: 12 }, (_, index) => `live ${index}`)
  for (const name of names) sender.live(message(name))
  await answer(away)
  sent.length = 0
  await pass(500)
  await answer()
  expect(sent).toEqual(names)
})

test('live samples beyond the bound are dropped and counted, the oldest first', async () => {
  const { sender, sent, answer, pass } = world()
  sender.live(message('first', 500))
  await answer(away)
  for (let index = 0; index < 50; index++) sender.live(message(`later ${index}`, 500))
  expect(sender.waiting).toBe(LIVE_MAX)
  expect(sender.counts().dropped).toBe(51 * 500 - LIVE_MAX)
  await pass(500)
  expect(sent.slice(0, 2)).toEqual(['first', 'later 10'])
})

test('it says what is wrong, how old the oldest is, and when it went well', async () => {
  const { sender, answer, pass, clock } = world()
  expect(sender.counts()).toMatchObject({ problem: null, lagSeconds: 0, lastSuccessAt: null })
  sender.live(message('a', 7))
  await pass(16_000)
  expect(sender.counts()).toMatchObject({
    waiting: 7,
    lagSeconds: 16,
    problem: 'nothing was acknowledged for 16 s',
  })
  await answer(away)
  expect(sender.counts().problem).toBe('the broker takes nothing: away')
  await pass(500)
  await answer()
  expect(sender.counts()).toMatchObject({ problem: null, done: 7, waiting: 0, lastSuccessAt: clock.now() })
})

test('the end waits for what is under way, and begins nothing more', async () => {
  const { sender, sent, answer, settle } = world()
  for (let index = 0; index < UNDER_WAY_MAX + 4; index++) sender.live(message(`live ${index}`))
  let over = false
  const stopped = sender.stop(5000).then(() => {
    over = true
  })
  await settle()
  expect(over).toBe(false)
  await answer()
  await stopped
  expect(sent).toHaveLength(UNDER_WAY_MAX)
})

test('the end does not wait for ever', async () => {
  const { sender, pass } = world()
  sender.live(message('live'))
  const stopped = sender.stop(5000)
  await pass(5000)
  await stopped
  expect(sender.counts().waiting).toBe(1)
})
