/** What a server says of itself. */
import type { ServerMessage } from '../../machine/samples.ts'
import { serverStatusOf } from '../../machine/status.ts'
import { rfc3339 } from '../../shared/clock.ts'
import { type Fault, progressOf } from './fault.ts'
import { cpuOf, memoryOf } from './load.ts'
import { noise, round2, unit } from './noise.ts'
import { numberAt, type Pace } from './pace.ts'
import type { Server } from './plan.ts'
import { rhythm } from './rhythm.ts'

const MINUTE_MS = 60_000
/** A disk that fills goes so many percent a minute, by its strength, and no further than DISK_FULL. */
const FILLING_LEAST = 1.2
const FILLING_MORE = 1.8
const DISK_FULL = 98.5
const MEMORY_FULL = 99

/** null: it is silent. @param at Unix ms */
export function serverSample(
  server: Server,
  pace: Pace,
  at: number,
  fault: Fault | null,
): ServerMessage | null {
  if (fault?.kind === 'silence') return null
  const busy = rhythm(server.region, at)
  let cpu = cpuOf(server, busy, at)
  let memory = memoryOf(server, busy, at)
  let disk = diskOf(server, at)
  if (fault) {
    const passed = at - fault.startedAt
    if (fault.kind === 'cpu_saturation') {
      const full = 96 + 3.5 * unit(server.key ^ 0x51, Math.floor(at / 1000))
      cpu += (full - cpu) * Math.min(1, passed / MINUTE_MS)
    } else if (fault.kind === 'memory_leak') memory += (MEMORY_FULL - memory) * progressOf(fault, at)
    else if (fault.kind === 'disk_filling')
      disk = Math.min(
        DISK_FULL,
        disk + ((FILLING_LEAST + FILLING_MORE * fault.strength) * passed) / MINUTE_MS,
      )
  }
  // Named one by one, here and for the other kinds: spread from a shared part, a sample costs five times as much.
  const cpuPercent = round2(cpu)
  const memoryUsed = round2((memory / 100) * server.memoryGb)
  const memoryPercent = round2((memoryUsed / server.memoryGb) * 100)
  const diskUsed = round2((disk / 100) * server.diskGb)
  return {
    timestamp: rfc3339(at),
    boot: pace.boot,
    seq: numberAt(pace, at),
    interval_seconds: pace.intervalMs / 1000,
    region: server.region,
    environment: server.environment,
    server_id: server.name,
    cpu_percent: cpuPercent,
    memory_percent: memoryPercent,
    memory_used_gb: memoryUsed,
    memory_total_gb: server.memoryGb,
    disk_used_gb: diskUsed,
    disk_total_gb: server.diskGb,
    status: serverStatusOf(cpuPercent, memoryPercent, (diskUsed / server.diskGb) * 100),
  }
}

/** Percent. It fills for days, evenly, and is cleaned at once. */
function diskOf({ key, diskLow, diskHigh, diskCycleMs, diskPhase }: Server, at: number): number {
  const place = at / diskCycleMs + diskPhase
  const cycle = Math.floor(place)
  const height = (diskHigh - diskLow) * (0.9 + 0.1 * unit(key ^ 0x61, cycle))
  return diskLow + height * (place - cycle) + 0.15 * noise(key ^ 0x62, at, 30 * MINUTE_MS)
}
