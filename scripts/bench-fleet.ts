/** Measures what the server takes of vehicles, with everything on: broker, validation, durable batches, log, metrics. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { counts, countsIn } from './bench/counts.ts'
import { costByHistory } from './bench/fleet-history.ts'
import { driveFleet, type FleetFigures } from './bench/fleet-load.ts'
import { reconnectAll, reconnectLines } from './bench/fleet-reconnect.ts'
import { FLEET_KEY, mqttPortOf, residentMegabytes, startServer } from './bench/server.ts'
import { commandLine } from './command-line.ts'

const help = `Usage: npm run bench:fleet -- [options]

  --seconds N     length of each load [8]
  --rounds N      how often the load is repeated; the median is printed [3]
  --vehicles N    vehicles that are connected [100]
  --in-flight N   messages that each has under way [8]
  --history LIST  samples in the database [1000,1000000,5000000]
  --reconnect N   vehicles that all lose their connection at once [10000]
  --quick         one round of one second, small histories: a smoke test
  -h, --help    print this
`

const flags = commandLine(help, {
  seconds: { preset: 8, min: 1, max: 3600 },
  rounds: { preset: 3, min: 1, max: 100, whole: true },
  vehicles: { preset: 100, min: 1, max: 10_000, whole: true },
  'in-flight': { preset: 8, min: 1, max: 1000, whole: true },
  history: { preset: '1000,1000000,5000000', check: counts },
  reconnect: { preset: 10_000, min: 1, max: 50_000, whole: true },
  quick: { preset: false },
})
const seconds = flags.quick ? 1 : flags.seconds
const rounds = flags.quick ? 1 : flags.rounds
const histories = flags.quick ? [1000, 20_000] : countsIn(flags.history)
const vehicles = flags.vehicles
const reconnecting = flags.quick ? 200 : flags.reconnect
const inFlight = flags['in-flight']

const folder = mkdtempSync(join(tmpdir(), 'twinloop-bench-'))
const progress = (text: string) => process.stderr.write(`${text}\n`)
const print = (text = '') => process.stdout.write(`${text}\n`)
let failed = 0

try {
  print(
    `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${vehicles} vehicles with ${inFlight} messages under way each, ${rounds} × ${seconds} s`,
  )
  const server = await startServer(folder, join(folder, 'main.db'))
  const load = { url: server.url, port: await mqttPortOf(server.url), key: FLEET_KEY, vehicles, inFlight }
  await driveFleet({ ...load, seconds: Math.min(2, seconds) })
  const figures: FleetFigures[] = []
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}`)
    figures.push(await driveFleet({ ...load, seconds }))
  }
  const of = (key: keyof FleetFigures) => median(figures.map(figure => figure[key]))
  failed += figures.reduce((sum, { notQueryable }) => sum + notQueryable, 0)
  print()
  print(`messages a second, sent with QoS 1 and durable   ${of('perSecond').toFixed(0).padStart(9)}`)
  print(`  sent to acknowledged, p50 ms                   ${of('ackP50').toFixed(1).padStart(9)}`)
  print(`  sent to acknowledged, p99 ms                   ${of('ackP99').toFixed(1).padStart(9)}`)
  print(`  event to queryable by HTTP, p50 ms             ${of('queryableP50').toFixed(1).padStart(9)}`)
  print(`  event to queryable by HTTP, p99 ms             ${of('queryableP99').toFixed(1).padStart(9)}`)
  print(
    `  resident memory after it, MB                   ${(await residentMegabytes(server.url)).padStart(9)}`,
  )
  const megabytes = (statSync(join(folder, 'fleet.db')).size / 1024 / 1024).toFixed(0)
  print(`  fleet.db after it, MB                          ${megabytes.padStart(9)}`)
  await server.stop()

  print()
  // A fleet of its own: its database is beside that of the licenses.
  const apart = mkdtempSync(join(folder, 'reconnect-'))
  const back = await reconnectAll({ folder: apart, vehicles: reconnecting, spreadMs: 0, progress })
  for (const line of reconnectLines(reconnecting, back)) print(line)

  print()
  print('samples in the database   µs per message in the writer')
  for (const { samples, micros } of costByHistory(folder, histories, progress))
    print(`${String(samples).padStart(23)} ${micros.toFixed(1).padStart(30)}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (failed > 0) {
  process.stderr.write(`${failed} acknowledged samples were not in the answer: the figures do not count\n`)
  process.exitCode = 1
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
