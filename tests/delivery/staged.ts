/** A started world whose seconds pass when told. */
import { onTestFinished, vi } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { type Answer, ok } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'

export const own = { version: '1.2.3', commit: 'abc1234' }

/** Starts a world; what it does each second waits for `pass`. */
export async function staged(config: Partial<Config> = {}): Promise<World> {
  if (!vi.isFakeTimers()) {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
  }
  const world = createWorld({ port: 0, rateLimitPerSecond: 0, ...config })
  const { drain } = await world.app.start()
  await drain()
  return world
}

/** Lets time pass, second by second. */
export async function pass(world: World, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    world.clock.advance(1000)
    await vi.advanceTimersByTimeAsync(1000)
  }
}

/** The next start of what a world was. @param killed: it was not stopped before */
export async function restarted(
  world: World,
  {
    killed = false,
    afterSeconds = 0,
    ...config
  }: Partial<Config> & { killed?: boolean; afterSeconds?: number } = {},
): Promise<World> {
  if (!killed) await world.app.stop()
  const next = createWorld({ port: 0, rateLimitPerSecond: 0, dbPath: world.dbPath, ...config })
  next.clock.set(world.clock.now() + afterSeconds * 1000)
  const { drain } = await next.app.start()
  await drain()
  return next
}

/** Ships a release. @returns its deployment */
export async function ship(world: World, wanted: object = {}): Promise<Answer> {
  const response = await world.present('POST', '/deployments', wanted)
  if (response.status !== 201) throw new Error(await response.text())
  return response.json()
}

export const rollBack = (world: World) => ok(world.present('POST', '/deployments/rollback', {}))

export const deploymentsOf = async (world: World): Promise<Answer[]> =>
  (await ok(world.send('GET', '/deployments'))).deployments

export const incidentsOf = async (world: World): Promise<Answer[]> =>
  (await ok(world.send('GET', '/incidents'))).incidents

export const versionOf = (world: World) => ok(world.send('GET', '/version'))

export const linesOf = (world: World, ...events: string[]) =>
  world.lines().filter(({ event }) => events.includes(String(event)))
