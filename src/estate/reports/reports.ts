/** Every question about the estate, by its name. */
import type { Db } from '../../db/open.ts'
import { createAnomaliesReports } from './anomalies-report-store.ts'
import { createContainersReports } from './containers-report-store.ts'
import { createCoverageReport } from './coverage-report-store.ts'
import { createDailyReports } from './daily-report-store.ts'
import { createDisksReports } from './disks-report-store.ts'
import { createForecastReports } from './forecast-report-store.ts'
import type { Page } from './found.ts'
import { createHealthReports } from './health-report-store.ts'
import { createInstancesReports } from './instances-report-store.ts'
import { createLiveReport } from './live-report-store.ts'
import { createServersReports } from './servers-report-store.ts'
import { createServiceTrends } from './service-trends-store.ts'
import { createServicesReports } from './services-report-store.ts'
import { createTrends } from './trends-store.ts'
import { createUptimeReports } from './uptime-report-store.ts'

/** What there is to ask. */
export type Reports = ReturnType<typeof createReports>
export type Kind = keyof Reports
export type QueryOf<K extends Kind> = Parameters<Reports[K]>[0]
/** What is answered; of a list with pages, the rows of one. */
export type BodyOf<K extends Kind> =
  ReturnType<Reports[K]> extends Page<infer Row> ? Row[] : ReturnType<Reports[K]>

/** Each takes a query and the time (Unix ms). @throws Refused */
export function createReports(db: Db) {
  const servers = createServersReports(db)
  const containers = createContainersReports(db)
  const trends = createTrends(db)
  const health = createHealthReports(db, servers, trends)
  const { anomaliesOpen, ...anomalies } = createAnomaliesReports(db)
  const { fillingDisks, ...disks } = createDisksReports(db)
  return {
    ...servers,
    ...disks,
    ...createUptimeReports(db),
    ...containers,
    ...createServicesReports(db),
    ...createInstancesReports(db),
    ...createServiceTrends(db),
    ...trends.reports,
    ...health,
    ...anomalies,
    ...createDailyReports(db),
    ...createCoverageReport(db),
    ...createForecastReports(db, fillingDisks),
    ...createLiveReport(db, {
      servers,
      containers,
      anomalies: { anomaliesOpen },
      systemHealth: health.systemHealth,
    }),
  }
}
