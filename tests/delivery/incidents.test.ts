import { expect, test } from 'vitest'
import { expectProblem, ok } from '../support/wire.ts'
import type { World } from '../support/world.ts'
import { announce } from './announcements.ts'
import { deploymentsOf, incidentsOf, linesOf, pass, restarted, rollBack, ship, staged } from './staged.ts'

const bad = { faults: { errors: { share: 1 } } }

/** So many seconds with one borrow each. */
async function use(world: World, seconds: number) {
  for (let second = 0; second < seconds; second++) {
    await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'alice' })
    await pass(world, 1)
  }
}

/** An incident that this server opened by itself, for a release that it shipped. */
async function burning(): Promise<World> {
  const world = await staged()
  await use(world, 20)
  await ship(world, bad)
  await use(world, 5)
  return world
}
const acknowledge = (world: World, id: number | string = 1) =>
  world.present('POST', `/incidents/${id}/acknowledge`, {})
const names = (world: World) =>
  world
    .lines()
    .map(({ event }) => String(event))
    .filter(event => event.startsWith('incident_'))

test('an incident opens by itself, of the version that ran, goes through what is done, and ends by itself', async () => {
  const world = await burning()
  expect(await incidentsOf(world)).toEqual([
    {
      id: 1,
      subject: 'borrow-availability',
      severity: 'page',
      opened_by: 'burn',
      deployment: 2,
      started_at: '2026-03-02T10:00:20.000Z',
      detected_at: '2026-03-02T10:00:21.000Z',
      acknowledged_at: null,
      mitigated_at: null,
      resolved_at: null,
    },
  ])
  await ok(acknowledge(world))
  await pass(world, 2)
  await rollBack(world)
  await use(world, 40)
  const [incident] = await incidentsOf(world)
  expect(incident).toMatchObject({
    acknowledged_at: '2026-03-02T10:00:25.000Z',
    mitigated_at: '2026-03-02T10:00:27.000Z',
    resolved_at: expect.stringMatching(/^2026-03-02T10:0/),
  })
  expect(Date.parse(incident.resolved_at)).toBeGreaterThan(Date.parse(incident.mitigated_at))
  expect(names(world)).toEqual([
    'incident_opened',
    'incident_detected',
    'incident_acknowledged',
    'incident_mitigated',
    'incident_resolved',
  ])
  expect(linesOf(world, 'incident_opened')).toMatchObject([{ opened_by: 'burn', deployment: 2 }])
  expect((await deploymentsOf(world)).map(({ failed }) => failed)).toEqual([false, true, false])
})

test('an alert about what burns joins the incident, and neither closes it nor opens a second', async () => {
  const world = await burning()
  const alert = { startsAt: '2026-03-02T10:00:22Z' }
  await ok(announce(world, alert))
  await ok(announce(world, { ...alert, endsAt: '2026-03-02T10:00:24Z' }))
  await ok(announce(world, { fingerprint: 'dd', startsAt: '2026-03-02T10:00:24Z' }))
  expect(await incidentsOf(world)).toMatchObject([{ opened_by: 'burn', resolved_at: null }])
  expect(
    (await ok(world.send('GET', '/alerts'))).alerts.map((row: { incident: number }) => row.incident),
  ).toEqual([1, 1])
  await rollBack(world)
  await use(world, 40)
  expect(await incidentsOf(world)).toMatchObject([{ resolved_at: expect.any(String) }])
})

test('where Alertmanager was first, the burn joins its incident, and Alertmanager closes it', async () => {
  const world = await staged()
  await ok(announce(world, { startsAt: '2026-03-02T10:00:00Z' }))
  await ship(world, bad)
  await use(world, 5)
  await rollBack(world)
  await use(world, 60)
  expect(await incidentsOf(world)).toMatchObject([{ opened_by: 'alertmanager', resolved_at: null }])
  await ok(announce(world, { startsAt: '2026-03-02T10:00:00Z', endsAt: '2026-03-02T10:01:00Z' }))
  expect(await incidentsOf(world)).toMatchObject([{ resolved_at: '2026-03-02T10:01:00.000Z' }])
})

test('an incident is of the version that ran when it began, not when the alert arrived', async () => {
  const world = await staged()
  await ship(world)
  await pass(world, 10)
  await rollBack(world)
  await ok(announce(world, { startsAt: '2026-03-02T10:00:05Z' }))
  expect(await incidentsOf(world)).toMatchObject([{ deployment: 2 }])
})

test('acknowledging again changes nothing, nor does it when it is over', async () => {
  const world = await staged()
  await ok(announce(world, { startsAt: '2026-03-02T10:00:00Z' }))
  const first = await ok(acknowledge(world))
  await pass(world, 5)
  expect(await ok(acknowledge(world))).toEqual(first)
  expect(linesOf(world, 'incident_acknowledged')).toHaveLength(1)
  await ok(announce(world, { startsAt: '2026-03-02T11:00:00Z', slo: 'borrow-latency', fingerprint: 'dd' }))
  await ok(
    announce(world, {
      startsAt: '2026-03-02T11:00:00Z',
      endsAt: '2026-03-02T11:01:00Z',
      slo: 'borrow-latency',
      fingerprint: 'dd',
    }),
  )
  expect(await ok(acknowledge(world, 2))).toMatchObject({ acknowledged_at: null })
})

test('only the presenter acknowledges, and only what there is', async () => {
  const world = await staged()
  await expectProblem(await world.send('POST', '/incidents/1/acknowledge', {}), 'unauthorized')
  await expectProblem(await acknowledge(world), 'unknown_incident')
  await expectProblem(await acknowledge(world, 'x'), 'invalid_request')
  await expectProblem(await acknowledge(world, 0), 'invalid_request')
})

test.each([
  ['faults are switched off', (world: World) => ok(world.present('DELETE', '/faults'))],
  ['they run out', (world: World) => pass(world, 10)],
  ['a good release is shipped over them', (world: World) => ship(world)],
])('mitigated, once, when %s', async (_title, end) => {
  const world = await staged()
  await ship(world, { ...bad, seconds: 10 })
  await ok(announce(world, { startsAt: '2026-03-02T10:00:00Z' }))
  await end(world)
  const [incident] = await incidentsOf(world)
  expect(incident).toMatchObject({ mitigated_at: expect.any(String), resolved_at: null })
  await pass(world, 5)
  await ok(world.present('PUT', '/faults', bad.faults))
  await ok(world.present('DELETE', '/faults'))
  expect(await incidentsOf(world)).toEqual([incident])
  expect(linesOf(world, 'incident_mitigated')).toHaveLength(1)
})

test('other faults in their place mitigate nothing', async () => {
  const world = await staged()
  await ok(world.present('PUT', '/faults', bad.faults))
  await ok(announce(world, { startsAt: '2026-03-02T10:00:00Z' }))
  await ok(world.present('PUT', '/faults', { latency: { share: 1, ms: 1 } }))
  expect(await incidentsOf(world)).toMatchObject([{ mitigated_at: null }])
})

test('left open over a restart: closed when nothing burned for two minutes, and not mitigated by stopping', async () => {
  const world = await burning()
  const next = await restarted(world)
  expect(await incidentsOf(next)).toMatchObject([{ mitigated_at: null, resolved_at: null }])
  await rollBack(next)
  await pass(next, 100)
  expect(await incidentsOf(next)).toMatchObject([{ resolved_at: null }])
  await pass(next, 30)
  expect(await incidentsOf(next)).toMatchObject([
    { mitigated_at: expect.any(String), resolved_at: expect.any(String) },
  ])
})

test('the live topic tells what runs, what it goes back to, what burns, and the newest five of each', async () => {
  const world = await burning()
  const { delivery } = await ok(world.send('GET', '/stream/snapshot?topics=delivery'))
  expect(delivery).toMatchObject({
    running: { version: '1.2.4', faults: ['errors'], failed: true },
    previous: { version: '1.2.3', commit: 'abc1234' },
    faults: { errors: { share: 1 } },
    deployments: [{ version: '1.2.4' }, { version: '1.2.3' }],
    incidents: [{ id: 1 }],
    burn: [
      { objective: 'borrow-availability', paging: true },
      { objective: 'borrow-latency', paging: false },
    ],
    kpis: { deployments: 2 },
  })
  for (let n = 0; n < 5; n++) await ship(world)
  await pass(world, 1)
  const later = (await ok(world.send('GET', '/stream/snapshot?topics=delivery'))).delivery
  expect(later.deployments).toHaveLength(5)
})
