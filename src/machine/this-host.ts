/** The machine that this runs on, as samples like any other's, marked as real. What the platform does not say is left out. */
import { statfs } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { currentLoad, mem } from 'systeminformation'
import type { Clock } from '../shared/clock.ts'
import { rfc3339 } from '../shared/clock.ts'
import type { ContainerMessage, ServerMessage, ServiceMessage } from './samples.ts'
import { msOf, pairsOf, quantile, type Sketch, type SketchPairs } from './sketch.ts'
import { containerHealthOf, serverStatusOf } from './status.ts'
import {
  type ContainerUse,
  containerUse,
  isContained,
  limitOf,
  type ReadText,
  readText,
} from './this-container.ts'

export const HOST_REGION = 'here'
export const HOST_ENVIRONMENT = 'real'
export const HOST_INTERVAL_SECONDS = 30
/** A disk that hangs holds up nothing else. */
const READ_MS = 5000
const GB = 1e9
const MB = 1e6
/** As many as a sample may have. */
const PAIRS_MAX = 200

export interface HostOptions {
  hostname: string
  /** The name that this program goes by. */
  service: string
  /** That it runs. */
  version?: string | undefined
  clock: Clock
  intervalSeconds?: number | undefined
  /** Where files are read; for tests. */
  read?: ReadText | undefined
}

/** What the caller counted since the last call. */
export interface ServiceFigures {
  requests: number
  /** Of them. */
  failed: number
  /** Their response times, ms. */
  sketch: Sketch
  /** Percent; null: not known. */
  cpu: number | null
  memory: number | null
}

export interface HostReader {
  /** null: processor or memory could not be read in time. */
  server(): Promise<ServerMessage | null>
  /** null: this runs in none, or it is the first call: use of a processor is measured from call to call. */
  container(): Promise<ContainerMessage | null>
  /** null: nothing was asked, so there is nothing to say of errors and response times. */
  service(figures: ServiceFigures): ServiceMessage | null
}

export function createHostReader(options: HostOptions): HostReader {
  const { service, version, clock, intervalSeconds = HOST_INTERVAL_SECONDS, read = readText } = options
  const name = options.hostname.replace(/[^\w.:/@+-]/g, '-').slice(0, 64) || 'host'
  const boot = `host-${Math.round(clock.now() - process.uptime() * 1000)}`
  const numbers = { server: 0, container: 0, service: 0 }
  let contained: boolean | undefined
  let before: (ContainerUse & { monotonic: number }) | undefined
  // Load is measured from call to call: the first would tell of all the time since the machine began.
  void currentLoad().catch(() => {})

  const head = (kind: keyof typeof numbers) => ({
    timestamp: rfc3339(clock.now()),
    boot,
    seq: ++numbers[kind],
    interval_seconds: intervalSeconds,
    region: HOST_REGION,
    environment: HOST_ENVIRONMENT,
    ...(version !== undefined && kind !== 'server' && { version }),
    real: true,
  })

  return {
    async server() {
      const [load, memory, disk] = await Promise.all([
        inTime(() => currentLoad()),
        inTime(() => mem()),
        inTime(() => statfs(process.cwd())),
      ])
      if (!load || !memory?.total || !Number.isFinite(load.currentLoad)) return null
      const cpuPercent = percent(load.currentLoad)
      const used = memory.total - memory.available
      const memoryPercent = percent((used / memory.total) * 100)
      const diskTotal = disk ? disk.blocks * disk.bsize : 0
      const diskUsed = disk ? (disk.blocks - disk.bfree) * disk.bsize : 0
      return {
        ...head('server'),
        server_id: name,
        cpu_percent: cpuPercent,
        memory_percent: memoryPercent,
        memory_used_gb: round2(used / GB),
        memory_total_gb: round2(memory.total / GB),
        ...(diskTotal > 0 && { disk_used_gb: round2(diskUsed / GB), disk_total_gb: round2(diskTotal / GB) }),
        status: serverStatusOf(
          cpuPercent,
          memoryPercent,
          diskTotal > 0 ? (diskUsed / diskTotal) * 100 : undefined,
        ),
      }
    },

    async container() {
      contained ??= await inTime(() => isContained(read))
      const use = contained ? await inTime(() => containerUse(read)) : null
      if (!use) return null
      const last = before
      before = { ...use, monotonic: clock.monotonic() }
      const passed = last ? before.monotonic - last.monotonic : 0
      if (!last || passed <= 0) return null
      const limit = limitOf(process.constrainedMemory?.(), totalmem())
      const memoryMb = round2(use.memoryBytes / MB)
      return {
        ...head('container'),
        container_id: name,
        service_name: service,
        cpu_percent: percent(((use.cpuMs - last.cpuMs) / passed / availableParallelism()) * 100),
        memory_mb: memoryMb,
        ...(limit !== null && { memory_limit_mb: round2(limit / MB) }),
        health: containerHealthOf({
          memoryPercent: limit === null ? 0 : (use.memoryBytes / limit) * 100,
        }),
      }
    },

    service({ requests, failed, sketch, cpu, memory }) {
      const p95 = quantile(sketch, 0.95)
      if (requests <= 0 || p95 === null) return null
      return {
        ...head('service'),
        service_name: service,
        instance_id: name,
        total_requests: requests,
        failed_requests: failed,
        error_rate_percent: percent((failed / requests) * 100),
        avg_response_time_ms: round2(meanOf(sketch)),
        p95_response_time_ms: round2(p95),
        response_time_sketch: shortened(pairsOf(sketch)),
        instances_running: 1,
        ...(cpu !== null && { cpu_avg_percent: percent(cpu) }),
        ...(memory !== null && { memory_avg_percent: percent(memory) }),
      }
    },
  }
}

const round2 = (value: number) => Math.round(value * 100) / 100
const percent = (value: number) => round2(Math.min(100, Math.max(0, value)))

/** What cannot be read in time is not known. */
async function inTime<T>(read: () => Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), READ_MS)
  })
  try {
    return await Promise.race([read(), late])
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

function meanOf(sketch: Sketch): number {
  let sum = 0
  let count = 0
  for (const [bucket, times] of sketch) {
    sum += msOf(bucket) * times
    count += times
  }
  return sum / count
}

/** The fastest share a bucket where there are too many: nobody asks for them. */
function shortened(pairs: SketchPairs): SketchPairs {
  const beyond = pairs.length - PAIRS_MAX
  if (beyond <= 0) return pairs
  const joined = pairs.slice(0, beyond + 1)
  const count = joined.reduce((sum, [, times]) => sum + times, 0)
  return [[(joined.at(-1) as [number, number])[0], count], ...pairs.slice(beyond + 1)]
}
