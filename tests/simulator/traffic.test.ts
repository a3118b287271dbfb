import { expect, test } from 'vitest'
import { seededRandom } from '../../src/shared/random.ts'
import { runTraffic, type Send } from '../../src/simulator/traffic.ts'
import { createWorld, type World } from '../support/world.ts'

const wait = () => new Promise<void>(resolve => setImmediate(resolve))
const sendTo =
  (world: World, paths: string[] = []): Send =>
  (path, init) => {
    paths.push(`${path} ${init?.body?.replace(/[\da-f-]{36}/, 'ID') ?? ''}`)
    return world.send(init?.method ?? 'GET', path, init?.body)
  }
const run = (send: Send, seed = 1) =>
  runTraffic({ send, random: seededRandom(seed), rate: 50, seconds: 4, wait })

test('the same seed makes the same traffic, another seed another', async () => {
  const [first, second, other]: string[][] = [[], [], []]
  await run(sendTo(createWorld({ logLevel: 'silent' }), first))
  await run(sendTo(createWorld({ logLevel: 'silent' }), second))
  await run(sendTo(createWorld({ logLevel: 'silent' }), other), 2)
  expect(first).toEqual(second)
  expect(first).not.toEqual(other)
})

test('it borrows, is denied, and gives back everything it holds', async () => {
  const world = createWorld({ logLevel: 'silent' })
  const summary = await run(sendTo(world))
  expect(summary.granted).toBeGreaterThan(10)
  expect(summary.denied).toBeGreaterThan(0)
  expect(summary.returned).toBe(summary.granted)
  expect(summary).toMatchObject({ failed: 0, unanswered: 0 })
  expect(await (await world.send('GET', '/borrows')).json()).toEqual([])
})

test('a server that fails is counted, not thrown; one without pools is said so', async () => {
  const world = createWorld({ logLevel: 'silent' })
  const failing: Send = (path, init) => (init ? Promise.reject(new Error('gone')) : sendTo(world)(path, init))
  expect((await run(failing)).failed).toBeGreaterThan(10)
  await expect(run(sendTo(createWorld({ seed: false, logLevel: 'silent' })))).rejects.toThrow('has no pools')
})
