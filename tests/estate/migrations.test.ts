import { expect, test } from 'vitest'
import { Database } from '../../src/db/driver.ts'
import { migrate } from '../../src/db/migrate.ts'
import { estateMigrations } from '../../src/estate/migrations.ts'

test('a database that has hours and no days gets the days', () => {
  const connection = new Database(':memory:')
  migrate(connection, { ...estateMigrations, steps: estateMigrations.steps.slice(0, 1) })
  const day = Date.UTC(2026, 2, 2)
  const addHour = connection.prepare(
    `INSERT INTO estate_resource_hours (hour, resource, samples, covered_ms, cpu_sum, cpu_samples, memory_sum,
       memory_samples, disk_sum, disk_samples, requests, failed, latency_sum, latency_requests, restarts)
     VALUES (?, 7, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)`,
  )
  addHour.run(day - 3_600_000, 1, 10)
  addHour.run(day, 2, 20)
  addHour.run(day + 23 * 3_600_000, 4, 40)
  migrate(connection, estateMigrations)
  expect(connection.prepare('SELECT * FROM estate_resource_days ORDER BY day').all()).toEqual([
    { day: day - 86_400_000, resource: 7, samples: 1, covered_ms: 10 },
    { day, resource: 7, samples: 6, covered_ms: 60 },
  ])
})
