import { expect, test } from 'vitest'
import { expectProblem, ok } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'

const ask = (world: World, tool: string, key?: string) =>
  world.send('POST', '/licenses/borrow', { tool, user: 'alice' }, key ? { 'idempotency-key': key } : {})

test('the watch is told of every decided borrow once: granted, denied and failed, not of a repeated answer', async () => {
  const world = createWorld({}, { random: { next: () => 0.5 } })
  await ok(ask(world, 'analysis', 'a'))
  await ok(ask(world, 'analysis', 'a'))
  await ok(ask(world, 'analysis'))
  await expectProblem(await ask(world, 'analysis'), 'exhausted')
  await expectProblem(await ask(world, 'nothing'), 'unknown_tool')
  await ok(world.present('PUT', '/faults', { errors: { share: 1 } }))
  await expectProblem(await ask(world, 'analysis', 'b'), 'internal')
  const { delivery } = await ok(world.send('GET', '/stream/snapshot?topics=delivery'))
  // One of five was bad: 40 times the half percent that may be.
  expect(delivery.burn[0].long).toBeCloseTo(40, 9)
  expect(delivery.burn[1].long).toBe(0)
})

test('before it is started the live topic tells of the program itself', async () => {
  const { delivery } = await ok(createWorld().send('GET', '/stream/snapshot?topics=delivery'))
  expect(delivery).toMatchObject({
    running: { id: 0, version: '1.2.3', kind: 'start' },
    previous: null,
    deployments: [],
  })
})
