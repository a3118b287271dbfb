import { expect, test } from 'vitest'
import { ok } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'
import { announce } from './announcements.ts'

const config = { port: 0, rateLimitPerSecond: 0 }

async function run(version: string, dbPath?: string): Promise<World> {
  const world = createWorld({ ...config, version, ...(dbPath && { dbPath }) })
  const { drain } = await world.app.start()
  await drain()
  return world
}

const shipped = (world: World) => world.lines().filter(({ event }) => event === 'release_shipped')

test('a version that runs for the first time is a deployment; a restart is none', async () => {
  const first = await run('1.0.0')
  const again = await run('1.0.0', first.dbPath)
  const next = await run('1.1.0', first.dbPath)
  expect([first, again, next].map(world => shipped(world).length)).toEqual([1, 0, 1])
  expect(shipped(next)[0]).toMatchObject({ from_version: '1.0.0', to_version: '1.1.0', version: '1.1.0' })
  const { deployments } = (await ok(next.send('GET', '/deployments'))) as {
    deployments: { version: string }[]
  }
  expect(deployments.map(({ version }) => version)).toEqual(['1.1.0', '1.0.0'])
})

test('going back to the version before is a deployment too', async () => {
  const first = await run('1.0.0')
  await run('1.1.0', first.dbPath)
  expect(shipped(await run('1.0.0', first.dbPath))).toHaveLength(1)
})

test('an incident belongs to the version that ran, and makes it a failed deployment once', async () => {
  const world = await run('1.0.0')
  await ok(announce(world, {}))
  await ok(announce(world, { slo: 'borrow-latency', fingerprint: 'ee' }))
  const metrics = await (await world.send('GET', '/metrics')).text()
  expect(metrics).toMatch(/^deployments_total 1$/m)
  expect(metrics).toMatch(/^deployment_failures_total 1$/m)
})
