import { expect, test } from 'vitest'
import { Database } from '../../src/db/driver.ts'
import { nextVersion } from '../../src/delivery/release.ts'
import { parseExposition } from '../support/exposition.ts'
import { type Answer, borrow, expectProblem, ok } from '../support/wire.ts'
import type { World } from '../support/world.ts'
import { deploymentsOf, linesOf, own, pass, rollBack, ship, staged, versionOf } from './staged.ts'

const bad = { faults: { errors: { share: 1 } } }
const order = { tool: 'cad_tool', user: 'alice' }
const faultsOf = (world: World) => ok(world.send('GET', '/faults'))
const buildInfo = async (world: World) =>
  parseExposition(await (await world.send('GET', '/metrics')).text())
    .samples.filter(({ name }) => name === 'app_build_info')
    .map(({ labels, value }) => ({ ...labels, value }))

test('a release needs no more than a wish: the next patch, a made-up commit, no faults, and it says that it is simulated', async () => {
  const world = await staged()
  const shipped = await ship(world)
  expect(shipped).toMatchObject({
    version: '1.2.4',
    commit: expect.stringMatching(/^[\da-f]{7}$/),
    env: 'test',
    kind: 'release',
    by: 'presenter',
    simulated: true,
    planned: true,
    faults: [],
    committed_at: null,
    deployed_at: '2026-03-02T10:00:00.000Z',
    ended_at: null,
    failed: false,
  })
  expect((await deploymentsOf(world)).map(({ version, kind, by }: Answer) => [version, kind, by])).toEqual([
    ['1.2.4', 'release', 'presenter'],
    ['1.2.3', 'start', 'process'],
  ])
  expect(linesOf(world, 'release_shipped').at(-1)).toMatchObject({
    from_version: '1.2.3',
    to_version: '1.2.4',
    by: 'presenter',
    kind: 'release',
    simulated: true,
  })
})

test('from that instant every line names the new version, and none before', async () => {
  const world = await staged()
  await borrow(world)
  await ship(world, { version: '2.0.0', commit: 'fedcba9' })
  await borrow(world)
  const lines = world.lines()
  const at = lines.findIndex(({ event, to_version }) => event === 'release_shipped' && to_version === '2.0.0')
  expect(at).toBeGreaterThan(3)
  expect(lines.length).toBeGreaterThan(at + 2)
  expect(lines.map(({ version, commit }) => `${version} ${commit}`)).toEqual(
    lines.map((_line, index) => (index < at ? '1.2.3 abc1234' : '2.0.0 fedcba9')),
  )
  expect(lines.slice(at).map(({ event }) => event)).toEqual(
    expect.arrayContaining(['borrow_license', 'http_request']),
  )
})

test('the version is answered, and measured as one series, whatever was shipped and taken back', async () => {
  const world = await staged()
  expect(await buildInfo(world)).toEqual([{ ...own, value: 1 }])
  const first = await ship(world)
  expect(await versionOf(world)).toEqual({
    version: first.version,
    commit: first.commit,
    env: 'test',
    service: 'license-server',
  })
  expect(await buildInfo(world)).toEqual([{ version: '1.2.4', commit: first.commit, value: 1 }])
  await ship(world, { version: '1.2.4', commit: first.commit })
  await rollBack(world)
  await rollBack(world)
  expect(await versionOf(world)).toMatchObject(own)
  expect(await buildInfo(world)).toEqual([{ ...own, value: 1 }])
})

test('going back: another row, not planned; the one taken back has failed and ended; its faults are over', async () => {
  const world = await staged()
  await ship(world, bad)
  await expectProblem(await world.send('POST', '/licenses/borrow', order), 'internal')
  await pass(world, 7)
  expect(await rollBack(world)).toMatchObject({
    version: '1.2.3',
    kind: 'rollback',
    by: 'presenter',
    planned: false,
    faults: [],
  })
  await borrow(world)
  expect(await faultsOf(world)).toMatchObject({ errors: null, ends_in_seconds: null })
  const [back, taken, start] = await deploymentsOf(world)
  expect(taken).toMatchObject({ faults: ['errors'], failed: true, ended_at: '2026-03-02T10:00:07.000Z' })
  expect([back?.failed, start?.failed]).toEqual([false, false])
  expect(start?.ended_at).toBe('2026-03-02T10:00:00.000Z')
  expect(linesOf(world, 'release_rolled_back')).toMatchObject([
    {
      level: 'warn',
      version: '1.2.3',
      from_version: '1.2.4',
      to_version: '1.2.3',
      reason: 'presenter',
      ran_seconds: 7,
    },
  ])
})

test('it goes back to the last one that was not itself rolled back, at most to what was started', async () => {
  const world = await staged()
  await expectProblem(await world.present('POST', '/deployments/rollback', {}), 'nothing_to_roll_back')
  await ship(world, { version: '1.3.0' })
  await ship(world, { version: '1.4.0' })
  expect((await rollBack(world)).version).toBe('1.3.0')
  await ship(world, { version: '1.5.0' })
  expect((await rollBack(world)).version).toBe('1.3.0')
  expect((await rollBack(world)).version).toBe('1.2.3')
  await expectProblem(await world.present('POST', '/deployments/rollback', {}), 'nothing_to_roll_back')
  const failed = (await deploymentsOf(world)).filter(row => row.failed).map(({ version }) => version)
  expect(failed).toEqual(['1.5.0', '1.4.0', '1.3.0'])
})

test('a release with faults that nobody takes back is taken back by itself', async () => {
  const world = await staged()
  await ship(world, { ...bad, seconds: 30 })
  await pass(world, 29)
  expect(await versionOf(world)).toMatchObject({ version: '1.2.4' })
  await pass(world, 1)
  expect(await versionOf(world)).toMatchObject(own)
  expect((await deploymentsOf(world))[0]).toMatchObject({ kind: 'rollback', by: 'cap' })
  expect(linesOf(world, 'release_rolled_back')).toMatchObject([{ reason: 'cap' }])
  expect(await faultsOf(world)).toMatchObject({ errors: null })
  await pass(world, 60)
  expect(await deploymentsOf(world)).toHaveLength(3)
})

test('one without faults stays', async () => {
  const world = await staged()
  await ship(world, { seconds: 5 })
  await pass(world, 20)
  expect(await versionOf(world)).toMatchObject({ version: '1.2.4' })
})

test('shipping another one over a bad one ends its faults, and its time', async () => {
  const world = await staged()
  await ship(world, { ...bad, seconds: 10 })
  await ship(world, { planned: false })
  await borrow(world)
  await pass(world, 20)
  expect(await versionOf(world)).toMatchObject({ version: '1.2.5' })
  expect((await rollBack(world)).version).toBe('1.2.4')
  await borrow(world)
})

test('faults that did not come with the release are not ended with it', async () => {
  const world = await staged()
  await ship(world)
  await ok(world.present('PUT', '/faults', { browser_script: { share: 1 } }))
  await rollBack(world)
  expect(await faultsOf(world)).toMatchObject({ browser_script: { share: 1 } })
})

test('only the presenter ships and takes back', async () => {
  const world = await staged()
  await expectProblem(await world.send('POST', '/deployments', {}), 'unauthorized')
  await expectProblem(await world.send('POST', '/deployments/rollback', {}), 'unauthorized')
  expect(await deploymentsOf(world)).toHaveLength(1)
})

test.each([
  { version: 'one' },
  { version: '1.2' },
  { version: '1.2.3<script>' },
  { version: '12345.0.0' },
  { commit: 'xyz' },
  { committed_at: 'yesterday' },
  { seconds: 4 },
  { seconds: 601 },
  { faults: { errors: { share: 2 } } },
  { faults: { fire: { share: 1 } } },
  { by: 'process' },
])('out of bounds, nothing is shipped: %j', async body => {
  const world = await staged()
  await expectProblem(await world.present('POST', '/deployments', body), 'invalid_request')
  expect(await deploymentsOf(world)).toHaveLength(1)
})

test('the faults end in time even when nothing can be written; the rollback follows when it can', async () => {
  const world = await staged()
  await ship(world, { ...bad, seconds: 5 })
  const other = new Database(world.dbPath)
  other.exec('BEGIN IMMEDIATE')
  await pass(world, 7)
  expect(await faultsOf(world)).toMatchObject({ errors: null })
  expect(await versionOf(world)).toMatchObject({ version: '1.2.4' })
  other.exec('ROLLBACK')
  other.close()
  await pass(world, 1)
  expect(await versionOf(world)).toMatchObject(own)
  expect(linesOf(world, 'storage_failed').filter(({ msg }) => /looked after/.test(String(msg)))).toHaveLength(
    1,
  )
})

test.each([
  ['1.2.3', [], '1.2.4'],
  ['1.2.3', ['1.2.9', '1.2.10'], '1.2.11'],
  ['1.2.3', ['1.3.7', '2.0.0'], '1.2.4'],
  ['1.2.3-rc.1', [], '1.2.4'],
  ['dev', ['0.0.4'], '0.0.5'],
  ['', [], '0.0.1'],
])('after %s, with %j known, comes %s', (version, known, next) => {
  expect(nextVersion(version, known)).toBe(next)
})
