import { expect, onTestFinished, test } from 'vitest'
import { prepareDatabase } from '../../src/db/open.ts'
import { createDelivery, deliveryMigrations } from '../../src/delivery/index.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { createMetrics } from '../../src/observability/metrics.ts'
import { Failure } from '../../src/shared/errors.ts'
import { seededRandom } from '../../src/shared/random.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { temporaryFolder } from '../support/world.ts'
import { own } from './staged.ts'

/** What the rest of the program holds of this feature, and what it was told. */
function delivering({ faultsPossible = true } = {}) {
  const database = { path: `${temporaryFolder()}/delivery.db`, busyTimeoutMs: 0 }
  prepareDatabase(database, [deliveryMigrations], () => {})
  const clock = fakeClock()
  const told: string[] = []
  const log = createLogger({
    ...{ ...own, level: 'info', env: 'test', clock, counterOf: () => ({ inc() {} }) },
    to: { write: line => void told.push(JSON.parse(line).event) },
  })
  const delivery = createDelivery({
    ...{ database, clock, random: seededRandom(1), log, faultsPossible },
    metrics: createMetrics({ withProcess: false }),
    release: { ...own, env: 'test', committedAt: clock.now() - 60_000 },
    seats: () => ({ take: async () => null, giveBack: async () => {} }),
  })
  onTestFinished(delivery.stop)
  delivery.onRelease((running, before) =>
    told.push(`${before.version} > ${running.version} by ${running.by}`),
  )
  delivery.onIncident((news, { id, subject }) => told.push(`${news} ${id} ${subject}`))
  delivery.start()
  return { delivery, clock, told }
}

test('who listens is told of another version before the log is, and of faults that it brought', () => {
  const { delivery, told } = delivering()
  expect(delivery.running()).toEqual({ ...own, id: 1, by: 'process', faults: [] })
  told.length = 0
  const shipped = delivery.ship({ faults: { browser_script: { share: 0.25 } } }, 'race')
  expect(shipped).toMatchObject({ version: '1.2.4', by: 'race', faults: ['browser_script'] })
  expect(delivery.running()).toMatchObject({ id: 2, by: 'race', faults: ['browser_script'] })
  expect(delivery.browserScriptShare()).toBe(0.25)
  delivery.faults.stop()
  expect(delivery.running().faults).toEqual([])
  expect(delivery.browserScriptShare()).toBe(0)
  expect(delivery.rollback('scenario')).toMatchObject({ version: '1.2.3', by: 'scenario' })
  expect(delivery.rollback('scenario')).toBe(null)
  expect(told).toEqual([
    '1.2.3 > 1.2.4 by race',
    'release_shipped',
    'fault_started',
    'fault_stopped',
    '1.2.4 > 1.2.3 by scenario',
    'release_rolled_back',
  ])
})

test('the commit time of the program itself makes its lead time', async () => {
  const { delivery } = delivering()
  const frame = (await delivery.topics.delivery.produce()) as { kpis: { lead_time_seconds: number } }
  expect(frame.kpis.lead_time_seconds).toBe(60)
})

test('who listens is told of all that an incident goes through, after the log', async () => {
  const { delivery, told, clock } = delivering()
  delivery.ship({ faults: { errors: { share: 1 } } }, 'presenter')
  told.length = 0
  expect(delivery.incidentOf()).toBe(null)
  delivery.decided({ failed: true, durationMs: 3, requestId: 'r' })
  await expect.poll(() => delivery.openIncidents().length, { timeout: 10_000 }).toBe(1)
  expect(delivery.incidentOf('borrow-availability')).toMatchObject({ id: 1, deployment: 2 })
  expect(delivery.incidentOf('borrow-latency')).toBe(null)
  expect(delivery.acknowledge(1).acknowledged_at).not.toBe(null)
  delivery.rollback('presenter')
  clock.advance(60_000)
  await expect.poll(() => delivery.incidentOf(), { timeout: 10_000 }).toBe(null)
  expect(told.filter(text => text.includes('1 borrow-availability'))).toEqual(
    ['opened', 'acknowledged', 'mitigated', 'resolved'].map(news => `${news} 1 borrow-availability`),
  )
  expect(told.indexOf('incident_opened')).toBeLessThan(told.indexOf('opened 1 borrow-availability'))
})

test('where faults are impossible, no part of the program can bring any', () => {
  const { delivery } = delivering({ faultsPossible: false })
  const refused = new Failure('faults_off', 'This server was started with FAULTS=off.')
  expect(() => delivery.ship({ faults: { errors: { share: 1 } } }, 'race')).toThrow(refused)
  expect(() => delivery.faults.start({ errors: { share: 1 }, seconds: 5 })).toThrow(refused)
  expect(delivery.faults.state().errors).toBe(null)
  expect(delivery.ship({}, 'presenter').version).toBe('1.2.4')
})
