/**
 * How many samples a second the estate's transformer takes from objects of the lake, on one core:
 * `npx tsx scripts/bench/estate-transform.ts [minutes of samples] [resources]`. Once as samples of now, which are kept
 * raw, and once as those of three days ago, of which only sums are kept.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { openDatabase, prepareDatabase } from '../../src/db/open.ts'
import type { ObjectTaken } from '../../src/estate/commands.ts'
import { keyOf } from '../../src/estate/lake/object-key.ts'
import { estateMigrations } from '../../src/estate/migrations.ts'
import { estateDecider } from '../../src/estate/transform/decider.ts'
import { addTo, pairsOf, type Sketch } from '../../src/machine/sketch.ts'
import type { ResourceKind } from '../../src/machine/topics.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const INTERVAL_MS = 30_000
const LINES = 5000
const GROUP = 8
const minutes = Number(process.argv[2] ?? 60)
const resources = Number(process.argv[3] ?? 3500)
const settings = {
  rawKeepMs: DAY_MS,
  minuteKeepMs: 2 * DAY_MS,
  fiveMinuteKeepMs: 8 * DAY_MS,
  hourKeepMs: 90 * DAY_MS,
  lakeKeepMs: 8 * DAY_MS,
  resourcesMax: 20_000,
}

const regions = ['north', 'south', 'east', 'west', 'central']
const environments = ['production', 'staging', 'development']
const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T
const two = (value: number) => Math.round(value * 100) / 100

function sampleOf(kind: ResourceKind, index: number, at: number): object {
  const use = two(50 + 40 * Math.sin(at / 7e6 + index))
  const seq = Math.floor(at / INTERVAL_MS)
  const common = {
    timestamp: new Date(at).toISOString(),
    boot: 'sim-1-30s',
    seq,
    interval_seconds: 30,
    region: pick(regions, index),
    environment: pick(environments, index),
    version: 'v2.4.1',
  }
  const service = `service-${index % 20}`
  if (kind === 'server')
    return {
      ...common,
      server_id: `server-${index}`,
      cpu_percent: use,
      memory_percent: two(100 - use),
      memory_used_gb: two(use / 2),
      memory_total_gb: 64,
      disk_used_gb: 200 + (index % 200),
      disk_total_gb: 500,
      status: use > 88 ? 'critical' : 'healthy',
    }
  if (kind === 'container')
    return {
      ...common,
      container_id: `container-${index}`,
      service_name: service,
      cpu_percent: use,
      memory_mb: Math.round(use * 10),
      memory_limit_mb: 1024,
      requests_per_sec: two(use * 3),
      response_time_ms: two(use * 2),
      error_count: index % 3,
      restart_count: Math.floor(seq / 5000) + (index % 3),
      health: 'healthy',
    }
  const sketch: Sketch = new Map()
  for (let step = 0; step < 30; step++) addTo(sketch, (20 + step * 9) * (1 + use / 100), 10 + step)
  return {
    ...common,
    service_name: service,
    instance_id: `${service}-${index}`,
    total_requests: 1000 + index,
    failed_requests: index % 7,
    error_rate_percent: two(((index % 7) / (1000 + index)) * 100),
    avg_response_time_ms: two(use),
    p95_response_time_ms: two(use * 3),
    response_time_sketch: pairsOf(sketch),
    instances_running: 25,
    cpu_avg_percent: use,
    memory_avg_percent: two(100 - use),
  }
}

interface LakeObject {
  key: string
  body: string
}
function objectsOf(from: number): { objects: LakeObject[]; samples: number; textBytes: number } {
  const objects: LakeObject[] = []
  let samples = 0
  let textBytes = 0
  const counts: [ResourceKind, number][] = [
    ['server', Math.round((resources * 2) / 7)],
    ['container', Math.round((resources * 4) / 7)],
    ['service', Math.round(resources / 7)],
  ]
  const pending = { server: [], container: [], service: [] } as Record<ResourceKind, string[]>
  function flush(kind: ResourceKind, at: number) {
    const text = `${pending[kind].splice(0).join('\n')}\n`
    textBytes += text.length
    const key = keyOf({ kind, hour: at, writtenAt: at, run: 'bench', number: objects.length })
    objects.push({ key, body: gzipSync(text, { level: 1 }).toString('base64') })
  }
  for (let at = from; at < from + minutes * 60_000; at += INTERVAL_MS)
    for (const [kind, count] of counts) {
      for (let index = 0; index < count; index++) {
        const sample = sampleOf(kind, index, at + (index % 300) * 100)
        pending[kind].push(JSON.stringify({ received_at: at + 60_000, sample }))
        samples++
        if (pending[kind].length === LINES) flush(kind, at)
      }
      if ((at + INTERVAL_MS) % HOUR_MS === 0 && pending[kind].length > 0) flush(kind, at)
    }
  for (const [kind] of counts) if (pending[kind].length > 0) flush(kind, from)
  return { objects, samples, textBytes }
}

function measure(name: string, ageMs: number) {
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-bench-'))
  const database = { path: join(folder, 'estate.db'), busyTimeoutMs: 1000 }
  prepareDatabase(database, [estateMigrations], () => {})
  const db = openDatabase(database)
  const now = Math.floor(Date.now() / HOUR_MS) * HOUR_MS
  const { objects, samples, textBytes } = objectsOf(now - ageMs)
  const decide = estateDecider(db, settings)
  const begun = performance.now()
  const cpuBegun = process.cpuUsage()
  let taken = 0
  for (let index = 0; index < objects.length; index += GROUP) {
    const group = objects.slice(index, index + GROUP)
    const commands = group.map(input => ({ kind: 'take_object' as const, input }))
    const { outcomes } = decide({ commands, at: now + 60_000 })
    for (const outcome of outcomes) {
      if ('fault' in outcome) throw new Error(outcome.fault.message)
      taken += (outcome.ok as ObjectTaken).samples
    }
  }
  const seconds = (performance.now() - begun) / 1000
  const cpu = process.cpuUsage(cpuBegun)
  const cpuSeconds = (cpu.user + cpu.system) / 1e6
  if (taken !== samples) throw new Error(`${samples} samples made, ${taken} taken`)
  db.$client.pragma('wal_checkpoint(TRUNCATE)')
  const bytes = statSync(database.path).size
  db.$client.close()
  rmSync(folder, { recursive: true })
  const lakeBytes = objects.reduce((sum, { body }) => sum + body.length * 0.75, 0)
  const each = (value: number) => (value / samples).toFixed(1)
  process.stdout.write(
    `${name.padEnd(12)} ${samples} samples in ${objects.length} objects, ${resources} resources: ` +
      `${Math.round(samples / seconds)} samples/s (${Math.round(samples / cpuSeconds)} per second of processor); a sample takes ${each(bytes)} bytes in the database, ` +
      `${each(lakeBytes)} in the lake, ${each(textBytes)} as text\n`,
  )
}

measure('with raw', HOUR_MS)
measure('without raw', 3 * DAY_MS)
