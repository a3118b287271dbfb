import { expect, test } from 'vitest'
import { Database } from '../../src/db/driver.ts'
import { migrate } from '../../src/db/migrate.ts'
import { deliveryMigrations } from '../../src/delivery/index.ts'
import { createDeliveryStore } from '../../src/delivery/store.ts'
import { temporaryFolder } from '../support/world.ts'

test('rows from before releases existed: deployments were starts, incidents came from Alertmanager', () => {
  const path = `${temporaryFolder()}/old.db`
  const old = new Database(path)
  migrate(old, { ...deliveryMigrations, steps: deliveryMigrations.steps.slice(0, 1) })
  old.exec(`
    INSERT INTO deployments VALUES (1, '1.0.0', 'aaaaaaa', 'prod', 100), (2, '1.1.0', 'bbbbbbb', 'prod', 200);
    INSERT INTO incidents VALUES (1, 'borrow-latency', 'page', 'c0ffee', 2, 250, 260, NULL);
  `)
  migrate(old, deliveryMigrations)
  old.close()
  const store = createDeliveryStore({ path, busyTimeoutMs: 0 })
  const rest = {
    ...{ kind: 'start', by: 'process', simulated: false, planned: true, faults: {}, committedAt: null },
    ...{ faultsEndAt: null, below: null, restores: null, undoes: null },
  }
  expect(store.deployments(9)).toEqual([
    {
      row: 2,
      version: '1.1.0',
      commit: 'bbbbbbb',
      env: 'prod',
      deployedAt: 200,
      endedAt: null,
      isFailed: true,
      ...rest,
    },
    {
      row: 1,
      version: '1.0.0',
      commit: 'aaaaaaa',
      env: 'prod',
      deployedAt: 100,
      endedAt: 200,
      isFailed: false,
      ...rest,
    },
  ])
  expect(store.openIncidents()).toMatchObject([
    { openedBy: 'alertmanager', alert: 'c0ffee', acknowledgedAt: null, mitigatedAt: null },
  ])
  store.close()
})
