import { expect, test } from 'vitest'
import type { BurnShape } from '../../src/delivery/api.ts'
import { troublesBeside } from '../../src/delivery/frames.ts'
import { ok } from '../support/wire.ts'
import { deploymentsOf, own, pass, rollBack, ship, staged } from './staged.ts'

const burn = (objective: string, paging = true): BurnShape => ({
  objective,
  title: objective,
  target: 0.99,
  long: 98,
  short: 98,
  long_seconds: 120,
  short_seconds: 30,
  factor: 6,
  paging,
  budget_left: -1,
})
const incident = (row: number, subject: string) => ({ row, subject, severity: 'page' as const, startedAt: 0 })
const [availability, latency] = ['borrow-availability', 'borrow-latency']

type Told = Parameters<typeof troublesBeside>
const cases: [string, Told, [number | null, string, boolean, string | null][]][] = [
  ['nothing: none', [[], [], [burn(latency, false)]], []],
  [
    'a budget that pages, before its incident',
    [[], [], [burn(latency)]],
    [[null, latency, true, 'BorrowLatencyBurn']],
  ],
  [
    'an incident and its burn are one',
    [[], [incident(3, latency)], [burn(latency)]],
    [[3, latency, true, 'BorrowLatencyBurn']],
  ],
  [
    'an incident whose budget burns no more',
    [[], [incident(3, latency)], [burn(latency, false)]],
    [[3, latency, false, 'BorrowLatencyBurn']],
  ],
  [
    'the newest incident first, burns without one last',
    [[], [incident(3, 'cad_tool'), incident(4, latency)], [burn(availability)]],
    [
      [4, latency, false, 'BorrowLatencyBurn'],
      [3, 'cad_tool', false, null],
      [null, availability, true, 'BorrowAvailabilityBurn'],
    ],
  ],
  [
    'what an alert tells is not told twice',
    [
      [
        { subject: latency, incident: 3 },
        { subject: 'another name', incident: 4 },
      ],
      [incident(3, latency), incident(4, 'cad_tool')],
      [burn(latency), burn(availability)],
    ],
    [[null, availability, true, 'BorrowAvailabilityBurn']],
  ],
]

test.each(cases)('%s', (_, told, expected) => {
  expect(
    troublesBeside(...told).map(({ incident, subject, burn, alert }) => [
      incident,
      subject,
      burn !== null,
      alert,
    ]),
  ).toEqual(expected)
})

test('the stream names the next version as it will be shipped, counted from all that were', async () => {
  const world = await staged()
  const next = async () => (await ok(world.send('GET', '/stream/snapshot?topics=delivery'))).delivery.next
  expect(await next()).toBe('1.2.4')
  await ship(world)
  await rollBack(world)
  expect((await deploymentsOf(world))[0]?.version).toBe(own.version)
  await pass(world, 2)
  expect(await next()).toBe('1.2.5')
  expect((await ship(world)).version).toBe('1.2.5')
})

test('the stream tells whether Alertmanager has ever announced anything', async () => {
  const world = await staged()
  const { announced, troubles } = (await ok(world.send('GET', '/stream/snapshot?topics=alerts'))).alerts
  expect(announced).toBe(false)
  expect(troubles).toEqual([])
})
