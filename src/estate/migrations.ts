/**
 * The tables of the estate. What thousands of samples a second go through is written by prepared statements in stores;
 * what is written row by row is declared once more in `schema.ts`. Times are Unix ms, spans and intervals ms.
 */
import type { Migrations } from '../db/migrate.ts'
import { deadLetterSql } from '../ingest/dead-letter-schema.ts'

const serverColumns = `cpu_percent REAL NOT NULL, memory_percent REAL NOT NULL, memory_used_gb REAL, memory_total_gb REAL,
  disk_used_gb REAL, disk_total_gb REAL, disk_utilization REAL, status TEXT NOT NULL`
const containerColumns = `cpu_percent REAL NOT NULL, memory_mb REAL NOT NULL, memory_limit_mb REAL, memory_utilization REAL,
  requests_per_sec REAL, response_time_ms REAL, error_count INTEGER, restart_count INTEGER, health TEXT NOT NULL`
const serviceColumns = `total_requests INTEGER, failed_requests INTEGER, error_rate_percent REAL NOT NULL,
  avg_response_time_ms REAL, p95_response_time_ms REAL NOT NULL, instances_running INTEGER, cpu_avg_percent REAL,
  memory_avg_percent REAL`
const now = (kind: string, columns: string) =>
  `CREATE TABLE estate_${kind}_now (resource INTEGER PRIMARY KEY REFERENCES estate_resources (id), at INTEGER NOT NULL, ${columns}) STRICT;`
const samples = (kind: string, columns: string) =>
  `CREATE TABLE estate_${kind}_samples (at INTEGER NOT NULL, resource INTEGER NOT NULL, ${columns}, PRIMARY KEY (at, resource)) STRICT, WITHOUT ROWID;`

export const estateMigrations: Migrations = {
  feature: 'estate',
  steps: [
    `
-- Every server, container and instance of a service that was ever heard of. last_at: of its newest sample.
CREATE TABLE estate_resources (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, region TEXT, environment TEXT, service TEXT,
  version TEXT, is_real INTEGER NOT NULL, interval_ms INTEGER NOT NULL, first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL, UNIQUE (kind, name)
) STRICT;
-- What each was at its newest sample.
${now('server', serverColumns)}
${now('container', containerColumns)}
${now('service', `success_rate REAL, ${serviceColumns}`)}
-- Single samples, kept for a day, in the order of time.
${samples('server', serverColumns)}
${samples('container', containerColumns)}
${samples('service', `${serviceColumns}, version TEXT`)}
-- Sums by bucket of 60000, 300000 or 3600000 ms: a mean is a sum divided by its count. covered_ms: for how long the
-- samples speak, each for its own interval. critical_ms: divided by the span, how many servers were critical at a time.
CREATE TABLE estate_server_rollups (
  span INTEGER NOT NULL, bucket INTEGER NOT NULL, region TEXT NOT NULL, environment TEXT NOT NULL,
  samples INTEGER NOT NULL, covered_ms INTEGER NOT NULL, cpu_sum REAL NOT NULL, cpu_max REAL NOT NULL,
  memory_sum REAL NOT NULL, disk_sum REAL NOT NULL, disk_samples INTEGER NOT NULL, critical_ms INTEGER NOT NULL,
  PRIMARY KEY (span, bucket, region, environment)
) STRICT, WITHOUT ROWID;
CREATE TABLE estate_container_rollups (
  span INTEGER NOT NULL, bucket INTEGER NOT NULL, service TEXT NOT NULL, samples INTEGER NOT NULL,
  covered_ms INTEGER NOT NULL, cpu_sum REAL NOT NULL, memory_sum REAL NOT NULL, memory_samples INTEGER NOT NULL,
  rps_sum REAL NOT NULL, rps_samples INTEGER NOT NULL, rps_max REAL, rps_min REAL, errors INTEGER NOT NULL,
  restarts INTEGER NOT NULL, PRIMARY KEY (span, bucket, service)
) STRICT, WITHOUT ROWID;
-- By service and region, and once more for all regions: region '*', with the sketch of response times. latency_sum: of
-- mean response time × requests. p95_ms: of the sketch, so that a trend need not read it.
CREATE TABLE estate_service_rollups (
  span INTEGER NOT NULL, bucket INTEGER NOT NULL, service TEXT NOT NULL, region TEXT NOT NULL,
  samples INTEGER NOT NULL, covered_ms INTEGER NOT NULL, requests INTEGER NOT NULL, failed INTEGER NOT NULL,
  latency_sum REAL NOT NULL, latency_requests INTEGER NOT NULL, p95_ms REAL, sketch TEXT,
  PRIMARY KEY (span, bucket, service, region)
) STRICT, WITHOUT ROWID;
-- Each resource by the hour: heartbeats for availability, means for the baselines of its hours.
CREATE TABLE estate_resource_hours (
  hour INTEGER NOT NULL, resource INTEGER NOT NULL, samples INTEGER NOT NULL, covered_ms INTEGER NOT NULL,
  cpu_sum REAL NOT NULL, cpu_samples INTEGER NOT NULL, cpu_max REAL, memory_sum REAL NOT NULL,
  memory_samples INTEGER NOT NULL, disk_sum REAL NOT NULL, disk_samples INTEGER NOT NULL,
  requests INTEGER NOT NULL, failed INTEGER NOT NULL, latency_sum REAL NOT NULL,
  latency_requests INTEGER NOT NULL, restarts INTEGER NOT NULL, PRIMARY KEY (hour, resource)
) STRICT, WITHOUT ROWID;
-- Which numbers of a boot have come, for each day of the samples' own time: a replay forgets whole days.
CREATE TABLE estate_received (
  day INTEGER NOT NULL, resource INTEGER NOT NULL, boot TEXT NOT NULL, ranges TEXT NOT NULL,
  PRIMARY KEY (day, resource, boot)
) STRICT, WITHOUT ROWID;
-- The objects that were taken: written in the transaction of their rows. Their dead letters begin at id first_dead.
CREATE TABLE estate_lake_objects (
  key TEXT PRIMARY KEY, samples INTEGER NOT NULL, duplicates INTEGER NOT NULL, dead INTEGER NOT NULL,
  taken_at INTEGER NOT NULL, first_dead INTEGER
) STRICT, WITHOUT ROWID;
-- Samples without a number, as long as the lake may bring them again.
CREATE TABLE estate_unnumbered (
  at INTEGER NOT NULL, resource INTEGER NOT NULL, PRIMARY KEY (at, resource)
) STRICT, WITHOUT ROWID;
-- The first sample known with each count of restarts, by its time: what comes late finds its place.
CREATE TABLE estate_restarts (
  resource INTEGER NOT NULL, at INTEGER NOT NULL, count INTEGER NOT NULL, service TEXT NOT NULL,
  PRIMARY KEY (resource, at)
) STRICT, WITHOUT ROWID;
-- The day from which on all is being forgotten: a row while that lasts.
CREATE TABLE estate_forgetting (day INTEGER PRIMARY KEY) STRICT;
CREATE TABLE estate_anomalies (
  id INTEGER PRIMARY KEY, cause TEXT NOT NULL, type TEXT NOT NULL, detector TEXT NOT NULL,
  resource_kind TEXT NOT NULL, resource TEXT NOT NULL, service TEXT, region TEXT, version TEXT,
  resources INTEGER NOT NULL, value REAL NOT NULL, expected REAL, severity TEXT NOT NULL, sentence TEXT NOT NULL,
  started_at INTEGER NOT NULL, detected_at INTEGER NOT NULL, ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX estate_anomalies_open ON estate_anomalies (cause) WHERE ended_at IS NULL;
CREATE INDEX estate_anomalies_by_time ON estate_anomalies (detected_at);
CREATE TABLE estate_injected_faults (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, resource_kind TEXT NOT NULL, resource TEXT NOT NULL, version TEXT,
  started_at INTEGER NOT NULL, ended_at INTEGER
) STRICT, WITHOUT ROWID;
${deadLetterSql('estate_dead_letters')}
`,
    `
-- The hours of a day together: a week's availability is read from few rows.
CREATE TABLE estate_resource_days (
  day INTEGER NOT NULL, resource INTEGER NOT NULL, samples INTEGER NOT NULL, covered_ms INTEGER NOT NULL,
  PRIMARY KEY (day, resource)
) STRICT, WITHOUT ROWID;
INSERT INTO estate_resource_days SELECT hour / 86400000 * 86400000, resource, sum(samples), sum(covered_ms)
FROM estate_resource_hours GROUP BY 1, 2;
`,
  ],
}
