import { expect, test } from 'vitest'
import { borrow, expectProblem, ok } from '../support/wire.ts'
import type { World } from '../support/world.ts'
import { deploymentsOf, linesOf, own, pass, restarted, rollBack, ship, staged, versionOf } from './staged.ts'

const bad = { faults: { errors: { share: 1 } } }
const faultsOf = (world: World) => ok(world.send('GET', '/faults'))

test('its faults can be ended without it: then it stays, also over a restart', async () => {
  const world = await staged()
  await ship(world, { ...bad, seconds: 10 })
  await ok(world.present('DELETE', '/faults'))
  await pass(world, 20)
  expect(await versionOf(world)).toMatchObject({ version: '1.2.4' })
  const next = await restarted(world)
  expect(await versionOf(next)).toMatchObject({ version: '1.2.4' })
  await borrow(next)
})

test.each([false, true])(
  'a restart in the middle puts it back for the rest of its time (killed: %s)',
  async killed => {
    const world = await staged()
    const { commit } = await ship(world, { ...bad, seconds: 60 })
    await pass(world, 20)
    const next = await restarted(world, { killed, afterSeconds: 10 })
    expect(await versionOf(next)).toMatchObject({ version: '1.2.4', commit })
    expect(await faultsOf(next)).toMatchObject({ errors: { share: 1 }, ends_in_seconds: 30 })
    expect(linesOf(next, 'server_started')).toMatchObject([{ version: '1.2.4' }])
    expect(linesOf(next, 'release_shipped')).toEqual([])
    expect(await deploymentsOf(next)).toHaveLength(2)
    await pass(next, 30)
    expect(await versionOf(next)).toMatchObject(own)
    expect((await deploymentsOf(next))[0]).toMatchObject({ kind: 'rollback', by: 'cap' })
  },
)

test('one whose time ran out meanwhile is taken back at the start', async () => {
  const world = await staged()
  await ship(world, { ...bad, seconds: 60 })
  const next = await restarted(world, { afterSeconds: 61 })
  expect(await versionOf(next)).toMatchObject(own)
  expect(linesOf(next, 'release_rolled_back')).toMatchObject([{ reason: 'cap', from_version: '1.2.4' }])
  await borrow(next)
})

test('what was rolled back to goes on after a restart, and can be taken back further', async () => {
  const world = await staged()
  await ship(world, { version: '1.3.0' })
  await ship(world, bad)
  await rollBack(world)
  const next = await restarted(world)
  expect(await versionOf(next)).toMatchObject({ version: '1.3.0' })
  expect((await rollBack(next)).version).toBe('1.2.3')
})

test('another program takes over from a release of the stage', async () => {
  const world = await staged()
  await ship(world, bad)
  const next = await restarted(world, { version: '1.9.0' })
  expect(await versionOf(next)).toMatchObject({ version: '1.9.0' })
  expect(await faultsOf(next)).toMatchObject({ errors: null })
  expect((await deploymentsOf(next))[0]).toMatchObject({ kind: 'start', version: '1.9.0', simulated: false })
  await expectProblem(await next.present('POST', '/deployments/rollback', {}), 'nothing_to_roll_back')
})

test('with FAULTS=off one without faults is shipped, one with faults is refused, and one from before is taken back', async () => {
  const world = await staged()
  await ship(world, { ...bad, seconds: 600 })
  const safe = await restarted(world, { faultsPossible: false })
  expect(await versionOf(safe)).toMatchObject(own)
  await expectProblem(await safe.present('POST', '/deployments', bad), 'faults_off')
  expect(await versionOf(safe)).toMatchObject(own)
  await ship(safe)
  expect(await versionOf(safe)).toMatchObject({ version: '1.2.5' })
})
