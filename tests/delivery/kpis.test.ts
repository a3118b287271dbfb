import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { prepareDatabase } from '../../src/db/open.ts'
import { deliveryMigrations } from '../../src/delivery/index.ts'
import { deliveryKpis, median } from '../../src/delivery/kpis.ts'
import type { Deployment, Incident } from '../../src/delivery/schema.ts'
import { createDeliveryStore } from '../../src/delivery/store.ts'
import { expectProblem, ok } from '../support/wire.ts'
import { temporaryFolder } from '../support/world.ts'
import { announce } from './announcements.ts'
import { pass, rollBack, ship, staged } from './staged.ts'

const HOUR = 3600_000
const DAY = 24 * HOUR

test.each([
  [[], null],
  [[7], 7],
  [[1, 9], 5],
  [[9, 1, 5], 5],
  [[4, 1, 3, 2], 2.5],
])('the median of %j is %s', (values, expected) => {
  expect(median(values)).toBe(expected)
})

test('the median has as many values below as above, whatever their order', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }), values => {
      const middle = median(values) as number
      const half = values.length / 2
      expect(values.filter(value => value < middle).length).toBeLessThanOrEqual(half)
      expect(values.filter(value => value > middle).length).toBeLessThanOrEqual(half)
      expect(median([...values].reverse())).toBe(middle)
    }),
  )
})

const deployment = (fields: Partial<Deployment> = {}): Deployment => ({
  row: 1,
  version: '1.0.0',
  commit: 'abc1234',
  env: 'test',
  deployedAt: 10 * DAY,
  kind: 'release',
  by: 'presenter',
  simulated: true,
  planned: true,
  faults: {},
  committedAt: null,
  endedAt: null,
  faultsEndAt: null,
  below: null,
  restores: null,
  undoes: null,
  isFailed: false,
  ...fields,
})
const rolledBack = deployment({ kind: 'rollback', planned: false })
const incident = (startedAt: number, resolvedAt: number | null): Incident => ({
  row: 1,
  subject: 'borrow-availability',
  severity: 'page',
  openedBy: 'burn',
  alert: 'x',
  deployment: 1,
  startedAt,
  detectedAt: startedAt,
  acknowledgedAt: null,
  mitigatedAt: null,
  resolvedAt,
})
const span = { from: 0, to: 10 * DAY }
const kpis = (deployments: Deployment[], recovered: Incident[] = []) =>
  deliveryKpis(span, { deployments, recovered })

test('without data there is no figure, and nothing is divided by nothing', () => {
  expect(kpis([])).toEqual({
    from: '1970-01-01T00:00:00.000Z',
    to: '1970-01-11T00:00:00.000Z',
    deployments: 0,
    deployments_per_day: 0,
    lead_time_seconds: null,
    change_failure_rate: null,
    failed_deployment_recovery_seconds: null,
    rework_rate: null,
  })
  expect(deliveryKpis({ from: 5, to: 5 }, { deployments: [deployment()], recovered: [] })).toMatchObject({
    deployments_per_day: 0,
  })
})

const tables: [string, Deployment[], Incident[], object][] = [
  [
    'starts and releases are deployments',
    [deployment({ kind: 'start' }), deployment()],
    [],
    { deployments: 2, deployments_per_day: 0.2 },
  ],
  [
    'a rollback is none, but it is rework',
    [deployment(), rolledBack],
    [],
    { deployments: 1, rework_rate: 0.5, change_failure_rate: 0 },
  ],
  ['only rollbacks', [rolledBack], [], { deployments: 0, rework_rate: 1, change_failure_rate: null }],
  [
    'what mends is rework',
    [deployment(), deployment({ planned: false }), deployment(), deployment()],
    [],
    { rework_rate: 0.25 },
  ],
  [
    'failed ones, of those that are not rollbacks',
    [deployment({ isFailed: true }), deployment(), { ...rolledBack, isFailed: true }],
    [],
    { change_failure_rate: 0.5 },
  ],
  [
    'lead times are known where the commit is, and never negative',
    [
      deployment({ committedAt: 10 * DAY - HOUR }),
      deployment({ committedAt: 10 * DAY - 3 * HOUR }),
      deployment({ committedAt: 11 * DAY }),
      deployment(),
      { ...rolledBack, committedAt: 0 },
    ],
    [],
    { lead_time_seconds: 3600 },
  ],
  [
    'recovery is from the impact to the end',
    [],
    [incident(0, 60_000), incident(0, 20_000), incident(5000, 95_000)],
    { failed_deployment_recovery_seconds: 60 },
  ],
]
test.each(tables)('%s', (_title, deployments, recovered, expected) => {
  expect(kpis(deployments, recovered)).toMatchObject(expected)
})

const someDeployment = fc.record({
  kind: fc.constantFrom('start', 'release', 'rollback') as fc.Arbitrary<Deployment['kind']>,
  deployedAt: fc.integer({ min: 0, max: 100 }),
  planned: fc.boolean(),
  committedAt: fc.option(fc.integer({ min: -100, max: 200 })),
  undoes: fc.option(fc.nat(20)),
})
const someIncident = fc.record({
  startedAt: fc.integer({ min: 0, max: 100 }),
  lasts: fc.option(fc.integer({ min: 0, max: 50 })),
  of: fc.option(fc.nat(20)),
})

test('the counts that are scraped agree with the figures, for any rows and span', () => {
  const path = `${temporaryFolder()}/kpis.db`
  prepareDatabase({ path, busyTimeoutMs: 0 }, [deliveryMigrations], () => {})
  const store = createDeliveryStore({ path, busyTimeoutMs: 0, temporary: true })
  onTestFinished(store.close)
  class Undone extends Error {}
  fc.assert(
    fc.property(
      fc.array(someDeployment, { maxLength: 12 }),
      fc.array(someIncident, { maxLength: 8 }),
      fc.nat(100),
      fc.nat(100),
      (deployments, incidents, from, to) => {
        const check = () => {
          const rows: number[] = []
          for (const { undoes, ...some } of deployments) {
            const before = undoes === null ? undefined : rows[undoes % Math.max(1, rows.length)]
            const { row: _row, endedAt: _end, isFailed: _is, ...fields } = deployment(some)
            rows.push(
              store.addDeployment({ ...fields, undoes: some.kind === 'rollback' ? (before ?? null) : null })
                .row,
            )
          }
          for (const [index, { startedAt, lasts, of }] of incidents.entries()) {
            const { row } = store.addIncident({
              ...{ subject: `s${index}`, severity: 'page', openedBy: 'burn', alert: 'x', startedAt },
              ...{ detectedAt: startedAt, deployment: (of === null ? null : rows[of]) ?? null },
            })
            if (lasts !== null) store.markIncident(row, 'resolvedAt', startedAt + lasts)
          }
          const figures = deliveryKpis(
            { from, to },
            { deployments: store.deploymentsBetween(from, to), recovered: store.recoveriesBetween(from, to) },
          )
          const counts = store.totalsBetween(from, to)
          expect(counts.deployments).toBe(figures.deployments)
          expect(counts.deployments === 0 ? null : counts.failedDeployments / counts.deployments).toBe(
            figures.change_failure_rate,
          )
          for (const figure of [figures.change_failure_rate, figures.rework_rate])
            if (figure !== null) expect(figure >= 0 && figure <= 1).toBe(true)
          throw new Undone()
        }
        expect(() => store.transaction(check)).toThrow(Undone)
      },
    ),
    { numRuns: 60 },
  )
})

test('they are answered from what happened here', async () => {
  const world = await staged()
  expect(await ok(world.send('GET', '/delivery/kpis'))).toMatchObject({
    deployments: 1,
    change_failure_rate: 0,
    rework_rate: 0,
    lead_time_seconds: null,
  })
  await ship(world, { committed_at: '2026-03-02T09:00:00Z' })
  await ok(announce(world, { startsAt: '2026-03-02T10:00:00Z' }))
  await pass(world, 30)
  await rollBack(world)
  await ok(announce(world, { startsAt: '2026-03-02T10:00:00Z', endsAt: '2026-03-02T10:01:30Z' }))
  await pass(world, 100)
  expect(await ok(world.send('GET', '/delivery/kpis?days=1'))).toEqual({
    from: '2026-03-01T10:02:10.000Z',
    to: '2026-03-02T10:02:10.000Z',
    deployments: 2,
    deployments_per_day: 2,
    lead_time_seconds: 3600,
    change_failure_rate: 0.5,
    failed_deployment_recovery_seconds: 90,
    rework_rate: 1 / 3,
  })
  for (const days of ['0', '366', 'x'])
    await expectProblem(await world.send('GET', `/delivery/kpis?days=${days}`), 'invalid_request')
})
