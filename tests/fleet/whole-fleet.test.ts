import { expect, test } from 'vitest'
import { systemClock } from '../../src/shared/clock.ts'
import { waitFor } from '../support/wait-for.ts'
import { ok } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'
import { simulate } from './simulated.ts'

const VEHICLES = 100
const SPEED = 200

/** Quick, and for every vehicle: none has to wait for a charge or a night. */
const settings = {
  name: 'spring release',
  soak_seconds: 1,
  battery_floor_percent: 0,
  backoff_seconds: 1,
  backoff_cap_seconds: 1,
}

const post = (world: World, path: string, body: object = {}) => ok(world.present('POST', path, body))

test('a bad wave of five is paused and rolled back, and with the corrected release all hundred are updated', async () => {
  const world = createWorld({}, { clock: systemClock })
  const { mqttPort } = await world.app.start()
  simulate({ vehicles: VEHICLES, speed: SPEED, everySeconds: 1, url: `mqtt://127.0.0.1:${mqttPort}` })
  const summary = () => ok(world.send('GET', '/fleet/summary'))
  await waitFor(async () => (await summary()).online === VEHICLES, 20_000)

  await post(world, '/fleet/releases', {
    version: '3.0.0',
    simulation: { self_test_failure_percent: 100 },
  })
  const { id } = await post(world, '/fleet/campaigns', { ...settings, release_version: '3.0.0' })
  await post(world, `/fleet/campaigns/${id}/approve`)
  await post(world, `/fleet/campaigns/${id}/start`)
  const campaign = () => ok(world.send('GET', `/fleet/campaigns/${id}`))
  await waitFor(async () => (await campaign()).state === 'paused', 60_000)

  const paused = await campaign()
  expect(paused.pause.rule).toMatch(/error_threshold|success_threshold/)
  expect(paused.pause.blast_radius).toBeGreaterThan(0)
  expect(paused.pause.blast_radius).toBeLessThanOrEqual(5)
  expect(paused.waves.map((wave: { planned: number }) => wave.planned)).toEqual([5, 15, 80])
  // Nothing of the later waves was ever offered it.
  expect(paused.waves.slice(1).map((wave: { settled: number }) => wave.settled)).toEqual([0, 0])
  // Who failed runs what it ran before.
  const rolledBack = await ok(world.send('GET', `/fleet/campaigns/${id}/updates?state=ROLLED_BACK`))
  for (const { vehicle } of rolledBack.updates) {
    const { firmware, slot } = await ok(world.send('GET', `/fleet/vehicles/${vehicle}`))
    expect(firmware).not.toBe('3.0.0')
    expect(slot).toBe('a')
  }

  await post(world, '/fleet/releases', { version: '3.0.1' })
  await post(world, `/fleet/campaigns/${id}/resume`, { release_version: '3.0.1', retry_failed: true })
  await waitFor(async () => (await campaign()).state === 'finished', 120_000)
  const finished = await campaign()
  expect(finished).toMatchObject({ outcome: 'completed', by_state: { SUCCEEDED: VEHICLES } })
  const { firmware } = await summary()
  expect(firmware).toEqual([{ version: '3.0.1', vehicles: VEHICLES }])

  // The whole way of a vehicle that went twice is written down.
  const [twice] = rolledBack.updates
  const { transitions } = await ok(
    world.send('GET', `/fleet/campaigns/${id}/updates/${twice.update_id}/transitions`),
  )
  const states = transitions.map(({ to }: { to: string }) => to)
  expect(states).toEqual(
    expect.arrayContaining(['NOTIFIED', 'DOWNLOADING', 'ROLLED_BACK', 'SCHEDULED', 'SUCCEEDED']),
  )
  expect(states.indexOf('ROLLED_BACK')).toBeLessThan(states.indexOf('SUCCEEDED'))
}, 240_000)
