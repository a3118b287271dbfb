import { expect, test } from 'vitest'
import { borrow, configure, exhaust, expectProblem, json, ok, statusOf, visitor } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'

const asked = { tool: 'cad_tool', user: 'alice' }
const attempt = (world: World, key: string, body: object = asked, headers = {}) =>
  world.send('POST', '/licenses/borrow', body, { 'idempotency-key': key, ...headers })

test('a retried borrow gets the same answer and takes no second seat', async () => {
  const world = createWorld()
  const first = await attempt(world, 'k1')
  expect(first.headers.get('idempotency-replayed')).toBeNull()
  world.clock.advance(60_000)
  const again = await attempt(world, 'k1')
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(await json(again)).toEqual(await json(first))
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
})

test('a retry is logged and counted as no second borrow', async () => {
  const world = createWorld()
  for (let time = 0; time < 3; time++) await attempt(world, 'k1')
  expect(world.lines().filter(({ event }) => event === 'borrow_license').length).toBe(1)
  const metrics = await (await world.send('GET', '/metrics')).text()
  expect(metrics).toContain('license_borrow_attempts_total{tool="cad_tool"} 1\n')
})

test('a retried overage borrow is charged once', async () => {
  const world = createWorld()
  for (let seat = 0; seat < 4; seat++) await borrow(world)
  const answers = [await attempt(world, 'k1'), await attempt(world, 'k1')]
  expect(await Promise.all(answers.map(json))).toMatchObject([
    { overage_charge: 100 },
    { overage_charge: 100 },
  ])
  expect((await ok(world.send('GET', '/overage-charges'))).charges.length).toBe(1)
})

test('a retried denial is the same denial, although a seat came back meanwhile', async () => {
  const world = createWorld()
  const held = await exhaust(world, 'analysis')
  const body = { tool: 'analysis', user: 'late' }
  const { request_id: _first, ...denial } = await expectProblem(await attempt(world, 'k1', body), 'exhausted')
  await ok(world.send('POST', '/licenses/return', { id: held[0].id }))
  const again = await attempt(world, 'k1', body)
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(await expectProblem(again, 'exhausted')).toMatchObject(denial)
  expect(await statusOf(world, 'analysis')).toMatchObject({ borrowed: 1 })
  expect((await ok(world.send('GET', '/denials'))).denials.length).toBe(1)
  expect((await attempt(world, 'k2', body)).status).toBe(200)
})

test('a retried borrow of an unknown tool stays a 404', async () => {
  const world = createWorld()
  for (let time = 0; time < 2; time++)
    await expectProblem(await attempt(world, 'k1', { tool: 'nothing', user: 'a' }), 'unknown_tool')
  expect((await ok(world.send('GET', '/denials'))).denials.length).toBe(1)
})

test.each([
  { tool: 'cad_tool', user: 'bob' },
  { tool: 'analysis', user: 'alice' },
  { tool: 'cad_tool', user: 'alice ' },
])('the same key with another body %j: 422, no seat', async other => {
  const world = createWorld()
  await attempt(world, 'k1')
  await expectProblem(await attempt(world, 'k1', other), 'idempotency_key_reused')
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
  expect(await statusOf(world, 'analysis')).toMatchObject({ borrowed: 0 })
})

test('fields that are ignored make no other body, and field order neither', async () => {
  const world = createWorld()
  const [first, again] = [
    await attempt(world, 'k1'),
    await attempt(world, 'k1', { note: 'x', user: 'alice', tool: 'cad_tool' }),
  ]
  expect((await json(again)).id).toBe((await json(first)).id)
})

test('a refused body uses up no key', async () => {
  const world = createWorld()
  await expectProblem(await attempt(world, 'k1', { tool: 'cad_tool' }), 'invalid_request')
  expect((await attempt(world, 'k1')).status).toBe(200)
})

test.each(['', ' ', 'two words', 'é', 'x'.repeat(256)])('the key %j: 422, no seat', async key => {
  const world = createWorld()
  const body = await expectProblem(await attempt(world, key), 'invalid_request')
  expect(body.errors).toMatchObject([{ path: 'Idempotency-Key' }])
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
})

test.each(['x', 'x'.repeat(255), '"8e03978e-40d5-43dd-bc93-6894a57f9324"', '__proto__', ';--%00'])(
  'the key %j is good',
  async key => {
    const world = createWorld()
    const [first, again] = [await json(await attempt(world, key)), await json(await attempt(world, key))]
    expect(again.id).toBe(first.id)
  },
)

test('another session’s key is another key: it hands out nobody’s borrow', async () => {
  const world = createWorld()
  const sessions = [await visitor(world), await visitor(world), {}]
  const ids = []
  for (const headers of sessions) ids.push((await json(await attempt(world, 'k1', asked, headers))).id)
  expect(new Set(ids).size).toBe(3)
  expect((await json(await attempt(world, 'k1', asked, sessions[0]))).id).toBe(ids[0])
})

test('fifty retries at once take one seat and get one answer', async () => {
  const world = createWorld()
  const answers = await Promise.all(Array.from({ length: 50 }, () => attempt(world, 'k1').then(json)))
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
})

test('the answer is kept over a restart', async () => {
  const world = createWorld()
  const first = await json(await attempt(world, 'k1'))
  await world.app.stop()
  const restarted = createWorld({ dbPath: world.dbPath })
  expect(await json(await attempt(restarted, 'k1'))).toEqual(first)
  expect(await statusOf(restarted)).toMatchObject({ borrowed: 1 })
})

test('the answer of a borrow that was returned is still the answer, and takes no seat', async () => {
  const world = createWorld()
  const first = await json(await attempt(world, 'k1'))
  await ok(world.send('POST', '/licenses/return', { id: first.id }))
  expect(await json(await attempt(world, 'k1'))).toEqual(first)
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
})

test('a key is kept for a day, then it is a new one', async () => {
  const world = createWorld()
  await configure(world, { lease_ttl_seconds: 0 })
  const first = await json(await attempt(world, 'k1'))
  world.clock.advance(24 * 3600_000)
  await ok(world.send('GET', '/readyz'))
  expect((await json(await attempt(world, 'k1'))).id).toBe(first.id)
  world.clock.advance(1)
  await ok(world.send('GET', '/readyz'))
  expect((await json(await attempt(world, 'k1'))).id).not.toBe(first.id)
})
