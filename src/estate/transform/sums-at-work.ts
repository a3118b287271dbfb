/** The rollups to which one transaction adds: in memory by the minute, written once for each span. */
import { mergeInto } from '../../machine/sketch.ts'
import type { Judged } from './judge.ts'
import type { Correction } from './restarts.ts'
import {
  ALL_REGIONS,
  type Buckets,
  bucketAt,
  fold,
  MINUTE_SPAN,
  type Row,
  rowAt,
  spans,
  UNKNOWN,
} from './rollup.ts'
import type { ContainerKey, RollupStore, ServerKey, ServiceKey } from './rollup-store.ts'
import { spanKeepMs, type TransformSettings } from './settings.ts'
import {
  addContainer,
  addServer,
  addService,
  type ContainerSums,
  noContainers,
  noServers,
  noServices,
  type ServerSums,
  type ServiceSums,
} from './sums.ts'

const row = <Key, Sums>(key: Key, sums: Sums): Row<Key, Sums> => ({ key, sums, sketch: null })

export function createSumsAtWork(store: RollupStore, settings: TransformSettings) {
  const servers: Buckets<ServerKey, ServerSums> = new Map()
  const containers: Buckets<ContainerKey, ContainerSums> = new Map()
  const services: Buckets<ServiceKey, ServiceSums> = new Map()
  const keepMs = spanKeepMs(settings)

  const containersOf = (minute: number, service: string) =>
    rowAt(containers, minute, service, () => row({ service }, noContainers())).sums
  const servicesOf = (minute: number, service: string, region: string) =>
    // A name has no blank.
    rowAt(services, minute, `${service} ${region}`, () => row({ service, region }, noServices()))

  function write<Key, Sums extends object>(
    buckets: Buckets<Key, Sums>,
    now: number,
    add: (span: number, bucket: number, row: Row<Key, Sums>) => void,
  ) {
    let folded = buckets
    for (const [index, span] of spans.entries()) {
      if (index > 0) folded = fold(folded, span)
      const oldest = now - (keepMs[index] as number)
      for (const [bucket, rows] of folded)
        if (bucket >= oldest) for (const row of rows.values()) add(span, bucket, row)
    }
    buckets.clear()
  }

  return {
    add({ kind, at, sample, derived }: Judged) {
      const minute = bucketAt(at, MINUTE_SPAN)
      const { region = UNKNOWN, environment = UNKNOWN } = sample
      if (kind === 'server') {
        const make = () => row({ region, environment }, noServers())
        addServer(rowAt(servers, minute, `${region} ${environment}`, make).sums, sample, derived)
      } else if (kind === 'container')
        addContainer(containersOf(minute, sample.service_name ?? UNKNOWN), sample, derived)
      else {
        addService(servicesOf(minute, sample.service_name, region).sums, sample)
        const all = servicesOf(minute, sample.service_name, ALL_REGIONS)
        addService(all.sums, sample)
        if (!sample.response_time_sketch) return
        all.sketch ??= new Map()
        mergeInto(all.sketch, sample.response_time_sketch)
      }
    },
    addRestarts({ at, service, restarts }: Correction) {
      containersOf(bucketAt(at, MINUTE_SPAN), service).restarts += restarts
    },
    flush(now: number) {
      write(servers, now, store.addServers)
      write(containers, now, store.addContainers)
      write(services, now, store.addServices)
    },
    drop() {
      servers.clear()
      containers.clear()
      services.clear()
    },
  }
}

export type SumsAtWork = ReturnType<typeof createSumsAtWork>
