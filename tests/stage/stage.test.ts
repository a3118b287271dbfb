import { describe, expect, test } from 'vitest'
import { runOfShow } from '../../src/stage/run-of-show.ts'
import { borrow, cookiesOf, expectProblem, ok } from '../support/wire.ts'
import { createWorld, TOKEN, type World } from '../support/world.ts'

const place = { deck: 'window-1', slide: 'title', index: 0, slides: 15 }

/** A browser that presents: two cookies, and its own name. */
async function presenter(world: World) {
  const visitor = cookiesOf(await world.send('GET', '/presenter'))
  const role = cookiesOf(await world.send('POST', '/session', { token: TOKEN }))
  const headers = { cookie: `${visitor}; ${role}`, 'sec-fetch-site': 'same-origin' }
  return (method: string, path: string, body?: unknown) => world.send(method, path, body, headers)
}

describe('the remote', () => {
  test('two phones: the first turns the deck, the other must take it over', async () => {
    const world = createWorld()
    const screen = await presenter(world)
    const one = await presenter(world)
    const two = await presenter(world)
    const { position } = await ok(screen('POST', '/deck/position', place))
    const next = { action: 'next', meant_for: position.revision }
    expect(await ok(one('POST', '/deck/commands', next))).toMatchObject({
      driving: true,
      command: { action: 'next', meant_for: position.revision },
    })
    await expectProblem(await two('POST', '/deck/commands', next), 'not_driver')
    expect(await ok(two('GET', '/deck'))).toMatchObject({ driving: false })
    expect(await ok(two('POST', '/deck/drive'))).toMatchObject({ driving: true })
    expect(await ok(one('GET', '/deck'))).toMatchObject({ driving: false })
    expect(await ok(two('DELETE', '/deck/drive'))).toMatchObject({ driver: null })
  })

  test('a command for a slide that is gone is refused, and one without a deck says what to open', async () => {
    const world = createWorld()
    const phone = await presenter(world)
    await expectProblem(await phone('POST', '/deck/commands', { action: 'next', meant_for: 1 }), 'no_deck')
    const { position } = await ok(phone('POST', '/deck/position', place))
    await ok(phone('POST', '/deck/position', { ...place, slide: 'challenge', index: 1 }))
    const stale = { action: 'next', meant_for: position.revision }
    await expectProblem(await phone('POST', '/deck/commands', stale), 'stale_command')
  })

  test('the audience can neither turn the deck nor read the notes', async () => {
    const world = createWorld()
    await expectProblem(await world.send('GET', '/run-of-show'), 'unauthorized')
    await expectProblem(await world.send('POST', '/deck/position', place), 'unauthorized')
    await expectProblem(await world.send('POST', '/deck/commands', {}), 'unauthorized')
    await expectProblem(await world.send('POST', '/stage/reset'), 'unauthorized')
    const page = await (await world.send('GET', '/presentation')).text()
    for (const { notes } of runOfShow) for (const note of notes) expect(page).not.toContain(note)
  })

  test('the talk’s clock goes on over a restart', async () => {
    const world = createWorld()
    await ok(world.present('POST', '/deck/clock'))
    const { started_at: started } = await ok(world.send('GET', '/deck'))
    expect(started).not.toBeNull()
    const again = createWorld({ dbPath: world.dbPath })
    expect(await ok(again.send('GET', '/deck'))).toMatchObject({ started_at: started, position: null })
  })
})

test('the run of show has every slide of the deck, in its order, and fits a talk', async () => {
  const world = createWorld()
  const { slides, total_seconds: total } = await ok(world.present('GET', '/run-of-show'))
  const page = await (await world.send('GET', '/presentation')).text()
  const ids = [...page.matchAll(/<section[^>]*\bid="([\w-]+)"/g)].map(([, id]) => id)
  expect(slides.map(({ slide }: { slide: string }) => slide)).toEqual(ids)
  expect(total).toBeGreaterThan(20 * 60)
  expect(total).toBeLessThan(45 * 60)
})

test('phones are told where to go, and a code says the same', async () => {
  const world = createWorld({ publicUrl: 'https://stage.example', wifi: { ssid: 'stage', password: null } })
  expect(await ok(world.send('GET', '/join'))).toEqual({
    url: 'https://stage.example',
    local_only: false,
    wifi: { ssid: 'stage' },
  })
  const code = await world.send('GET', '/join.svg')
  expect(code.headers.get('content-type')).toBe('image/svg+xml')
  expect(await code.text()).toMatch(/^<svg/)
  await expectProblem(await world.send('GET', '/wifi.svg'), 'unauthorized')
  expect((await world.present('GET', '/wifi.svg')).status).toBe(200)
  await expectProblem(await createWorld().present('GET', '/wifi.svg'), 'not_found')
})

test('without a stack the stage says so and names its own parts', async () => {
  const { parts } = await ok(createWorld().send('GET', '/stack'))
  expect(parts.map(({ name, state }: { name: string; state: string }) => `${name} ${state}`)).toEqual([
    'server up',
    'broker failing',
    'fleet absent',
    'estate absent',
    'prometheus absent',
    'alertmanager absent',
    'loki absent',
    'grafana absent',
  ])
})

test('a reset ends what was set going and gives every seat back; what was charged stays', async () => {
  const world = createWorld()
  await borrow(world, 'alice')
  await borrow(world, 'bob', 'simulation')
  const release = await world.present('POST', '/deployments', {
    faults: { latency: { share: 0.01, ms: 5 } },
  })
  const race = await world.present('POST', '/races', {})
  expect([release.status, race.status]).toEqual([201, 201])
  const before = await ok(world.send('GET', '/overage-charges'))
  expect(await ok(world.present('POST', '/stage/reset'))).toMatchObject({ status: 'ok', borrows_ended: 2 })
  expect(await ok(world.send('GET', '/borrows'))).toEqual([])
  expect(await ok(world.send('GET', '/version'))).toMatchObject({ version: '1.2.3', commit: 'abc1234' })
  expect(await ok(world.send('GET', '/faults'))).toMatchObject({ latency: null, errors: null })
  expect(await ok(world.send('GET', '/traffic'))).toMatchObject({ running: false })
  expect((await ok(world.send('GET', '/races'))).races[0]).toMatchObject({ state: 'cancelled' })
  expect(await ok(world.send('GET', '/overage-charges'))).toEqual(before)
  const events = world.lines().map(({ event }) => event)
  for (const event of ['race_started', 'race_finished', 'stage_reset', 'license_revoked'])
    expect(events).toContain(event)
})
