/** Measures the estate with everything on: generator, broker, lake, transformer, analytics, API, log, metrics. */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { benchEndpoints } from './bench/estate-endpoints.ts'
import { widenPool } from './bench/fill.ts'
import { FLEET_KEY, mqttPortOf, residentMegabytes, startServer } from './bench/server.ts'
import { startBorrows } from './bench-audience/borrows.ts'
import { historyTaken, pipelineOf } from './bench-estate/pipeline.ts'
import { sampleToQueryable } from './bench-estate/queryable.ts'
import { databaseRoom, dayOf, lakeRoom } from './bench-estate/room.ts'
import { commandLine } from './command-line.ts'

const help = `Usage: npm run bench:estate -- [options]

  --servers N   simulated; half as many service instances and twice as many containers [1000]
  --days N      of their past, through the whole pipeline [7]
  --rounds N    how often each endpoint is asked [20]
  --samples N   that are followed from their sending to the API, one in 5.5 s [100]
  --quick       20 servers, one day, few rounds: a smoke test
  -h, --help    print this
`

const flags = commandLine(help, {
  servers: { preset: 1000, min: 2, max: 5000, whole: true },
  days: { preset: 7, min: 1, max: 30, whole: true },
  rounds: { preset: 20, min: 1, max: 1000, whole: true },
  samples: { preset: 100, min: 1, max: 10_000, whole: true },
  quick: { preset: false },
})
const servers = flags.quick ? 20 : flags.servers
const days = flags.quick ? 1 : flags.days
const rounds = flags.quick ? 2 : flags.rounds
const followed = flags.quick ? 2 : flags.samples
const BORROWS_PER_SECOND = 100
const BORROW_SECONDS = flags.quick ? 3 : 20

const folder = mkdtempSync(join(tmpdir(), 'twinloop-bench-'))
const progress = (text: string) => process.stderr.write(`${text}\n`)
const print = (text = '') => process.stdout.write(`${text}\n`)
const row = (what: string, value: number, digits = 0) =>
  print(`${what.padEnd(62)} ${value.toFixed(digits).padStart(10)}`)
let failed = 0

try {
  print(
    `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${servers} servers, ${servers / 2} service instances, ${servers * 2} containers, each 30 s`,
  )
  const server = await startServer(folder, join(folder, 'main.db'), {
    ESTATE_SERVERS: String(servers),
    ESTATE_HISTORY_DAYS: String(days),
  })
  const { url } = server
  await widenPool(url)
  const past = await historyTaken(url, 60, progress)
  const memoryAfter = Number(await residentMegabytes(url))
  print()
  row(`samples of ${days} days: generated, by MQTT, lake, tables`, past.samples)
  row('  samples a second through the whole pipeline', past.samples / past.seconds)
  row('  resident memory after it, MB', memoryAfter)

  progress(`borrows beside it for ${BORROW_SECONDS} s`)
  const borrows = startBorrows(url, BORROWS_PER_SECOND)
  await wait(BORROW_SECONDS * 1000)
  const borrowed = await borrows.stop()
  failed += borrowed.failed
  row(`  ${BORROWS_PER_SECOND} borrows a second beside the live estate, p99 ms`, borrowed.p99, 1)

  progress(`${followed} samples from their sending to the API`)
  const queryable = await sampleToQueryable({
    url,
    mqttPort: await mqttPortOf(url),
    key: FLEET_KEY,
    samples: followed,
  })
  failed += queryable.lost
  row('  a sample to the API knowing it, p50 ms', queryable.p50)
  row('  a sample to the API knowing it, p99 ms', queryable.p99)

  progress(`every endpoint ${rounds} times`)
  const costs = await benchEndpoints({ baseUrl: url, rounds })
  print()
  print('endpoint (the five slowest of p95)                                p50 ms     p95 ms        KB')
  for (const { path, p50, p95, bytes } of costs.toSorted((a, b) => b.p95 - a.p95).slice(0, 5))
    print(
      `  ${path.padEnd(58)} ${p50.toFixed(1).padStart(10)} ${p95.toFixed(1).padStart(10)} ${(bytes / 1024).toFixed(0).padStart(9)}`,
    )
  row(`  p95 over 100 ms, of ${costs.length} questions`, costs.filter(({ p95 }) => p95 > 100).length)

  const { stages } = await pipelineOf(url)
  const dead = stages.reduce((sum, stage) => sum + stage.dead_letters, 0)
  const taken = stages.find(({ stage }) => stage === 'transform')?.done ?? 0
  row('dead letters', dead)
  failed += dead
  row('  resident memory at the end, MB', Number(await residentMegabytes(url)))
  await server.stop()

  const room = databaseRoom(join(folder, 'estate.db'))
  const lake = lakeRoom(join(folder, 'lake'))
  const day = dayOf(servers, room, lake, taken)
  print()
  row('a day at 30 s, samples', day.samples)
  row('  in the lake, compressed, MB', day.lakeMegabytes)
  row('  single samples in the database, MB', day.rawMegabytes)
  row(`  all sums of these ${days} days, MB`, room.rollupBytes / 1e6, 1)
  row(
    `  sums beside the same ${room.samples} samples kept singly: 1 to`,
    (room.samples * (room.rawBytes / room.rawRows)) / room.rollupBytes,
    1,
  )
  row('objects in the lake', lake.objects)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (failed > 0) {
  process.stderr.write(`${failed} samples or borrows were lost: the figures do not count\n`)
  process.exitCode = 1
}
