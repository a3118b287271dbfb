/** Sums by time: what a transaction adds is added by the database, so nobody reads what another writes. */
import type { Db } from '../../db/open.ts'
import { mergeInto, pairsOf, quantile, type Sketch } from '../../machine/sketch.ts'
import { ALL_REGIONS, bucketAt, type Row } from './rollup.ts'
import {
  type ContainerSums,
  type HourSums,
  noContainers,
  noHour,
  noServers,
  noServices,
  type ServerSums,
  type ServiceSums,
} from './sums.ts'

const DAY_MS = 86_400_000

export interface ServerKey {
  region: string
  environment: string
}
export interface ContainerKey {
  service: string
}
export interface ServiceKey {
  service: string
  /** `*`: all of them */
  region: string
}
export type RollupStore = ReturnType<typeof createRollupStore>

const columnOf = (name: string) => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

/** @param set columns that are not added to but replaced */
function adding(table: string, keys: readonly string[], sums: object, set: readonly string[] = []): string {
  const added = Object.keys(sums).map(columnOf)
  const all = [...keys, ...added, ...set]
  const merged = added.map(column => {
    const [kind] = /(max|min)$/.exec(column) ?? []
    if (!kind) return `${column} = ${column} + excluded.${column}`
    return `${column} = ${kind}(coalesce(${column}, excluded.${column}), coalesce(excluded.${column}, ${column}))`
  })
  const replaced = set.map(column => `${column} = excluded.${column}`)
  return `INSERT INTO ${table} (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})
    ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${[...merged, ...replaced].join(', ')}`
}

export function createRollupStore(db: Db) {
  const sql = <P extends unknown[], R = unknown>(text: string) => db.$client.prepare<P, R>(text)
  type Values = (string | number | null)[]
  const time = ['span', 'bucket']

  const addServers = sql<Values>(
    adding('estate_server_rollups', [...time, 'region', 'environment'], noServers()),
  )
  const addContainers = sql<Values>(adding('estate_container_rollups', [...time, 'service'], noContainers()))
  const addServices = sql<Values>(
    adding('estate_service_rollups', [...time, 'service', 'region'], noServices(), ['p95_ms', 'sketch']),
  )
  const sketch = sql<[number, number, string, string], string | null>(
    'SELECT sketch FROM estate_service_rollups WHERE span = ? AND bucket = ? AND service = ? AND region = ?',
  ).pluck()
  const addHour = sql<Values>(adding('estate_resource_hours', ['hour', 'resource'], noHour()))
  const addDay = sql<Values>(
    adding('estate_resource_days', ['day', 'resource'], { samples: 0, coveredMs: 0 }),
  )
  const hourSamples = sql<[number, number], number>(
    'SELECT samples FROM estate_resource_hours WHERE hour = ? AND resource = ?',
  ).pluck()

  /** With what is stored already. */
  function merged(span: number, bucket: number, { service, region }: ServiceKey, more: Sketch | null) {
    const stored = sketch.get(span, bucket, service, region)
    if (!stored) return more
    const all: Sketch = new Map(JSON.parse(stored))
    if (more) mergeInto(all, more)
    return all
  }

  return {
    addServers: (span: number, bucket: number, { key, sums }: Row<ServerKey, ServerSums>) =>
      void addServers.run(span, bucket, key.region, key.environment, ...Object.values(sums)),
    addContainers: (span: number, bucket: number, { key, sums }: Row<ContainerKey, ContainerSums>) =>
      void addContainers.run(span, bucket, key.service, ...Object.values(sums)),
    addServices(span: number, bucket: number, { key, sums, sketch }: Row<ServiceKey, ServiceSums>) {
      const all = key.region === ALL_REGIONS ? merged(span, bucket, key, sketch) : null
      const p95 = all && quantile(all, 0.95)
      const text = all && JSON.stringify(pairsOf(all))
      addServices.run(span, bucket, key.service, key.region, ...Object.values(sums), p95, text)
    },
    addHour(hour: number, resource: number, sums: HourSums) {
      addHour.run(hour, resource, ...Object.values(sums))
      addDay.run(bucketAt(hour, DAY_MS), resource, sums.samples, sums.coveredMs)
    },
    hourSamples: (hour: number, resource: number) => hourSamples.get(hour, resource) ?? 0,
  }
}
