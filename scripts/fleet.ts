/** Drives a simulated fleet against a server that runs. */
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../src/shared/clock.ts'
import { createApps } from '../src/simulator/vehicles/apps.ts'
import { randomOf } from '../src/simulator/vehicles/chance.ts'
import { createFleet } from '../src/simulator/vehicles/fleet.ts'
import { identityOf } from '../src/simulator/vehicles/identity.ts'
import { mqttConnect } from '../src/simulator/vehicles/mqtt-link.ts'
import { createScheduler, keepRunning } from '../src/simulator/vehicles/scheduler.ts'
import { publicKeyFrom } from '../src/vehicle/signing.ts'
import { commandLine } from './command-line.ts'
import { askConnection, openFilesProblem, Problem, readKey } from './fleet/server.ts'
import { progressOf, summaryOf, tableOf } from './fleet/summary.ts'

const help = `Drives a simulated fleet: vehicles that send telemetry by MQTT and take updates.

Usage: npm run fleet -- [options]

  --vehicles N          1 to 20000 [100]
  --interval N          seconds between two samples of a vehicle, 1 to 3600 [60]
  --duration N          minutes, 0 to 100000; 0: until Ctrl-C [60]
  --seed N              the same seed makes the same fleet [1]
  --speed N             simulated seconds in a real one, 1 to 600 [1]
  --app-rate N          requests a second of the owners' apps, 0 to 1000 [0]
  --url URL             the server [http://localhost:8000]
  --key-file FILE       where the server keeps the fleet's key, unless FLEET_KEY is set [fleet.db.key]
  --outages on|off      whether vehicles lose coverage at times [on]
  --malformed N         broken messages, percent of all [0]
  --duplicates N        messages sent twice, percent of all [0]
  --wrong-clocks N      vehicles whose clock is wrong, percent of all [0]
  --wrong-clock-by N    by how many seconds, -864000 to 864000 [3600]
  -h, --help            print this

The summary is one line of JSON on standard output.
`

const values = commandLine(help, {
  vehicles: { preset: 100, min: 1, max: 20_000 },
  interval: { preset: 60, min: 1, max: 3600 },
  duration: { preset: 60, min: 0, max: 100_000 },
  seed: { preset: 1, min: 0, max: 2 ** 31 },
  speed: { preset: 1, min: 1, max: 600 },
  'app-rate': { preset: 0, min: 0, max: 1000 },
  url: { preset: 'http://localhost:8000', check: text => (URL.canParse(text) ? null : 'must be an address') },
  'key-file': { preset: 'fleet.db.key' },
  outages: { preset: 'on', check: text => (['on', 'off'].includes(text) ? null : 'must be on or off') },
  malformed: { preset: 0, min: 0, max: 100 },
  duplicates: { preset: 0, min: 0, max: 100 },
  'wrong-clocks': { preset: 0, min: 0, max: 100 },
  'wrong-clock-by': { preset: 3600, min: -864_000, max: 864_000 },
})

const MINUTE_MS = 60_000
const PROGRESS_MS = 1000
/** Into a file a line less often. */
const PROGRESS_FILE_MS = 10_000
/** By then the broker must have acknowledged something. */
const FIRST_ANSWER_MS = 15_000

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
try {
  await drive()
} catch (error) {
  if (!(error instanceof Problem)) throw error
  process.stderr.write(`\n${error.message}\n  Try: ${error.hint}\n`)
  process.exitCode = 1
}
// Sockets whose broker does not answer any more would keep the process alive.
process.exit()

async function drive() {
  const vehicles = Math.floor(values.vehicles)
  const files = openFilesProblem(vehicles)
  if (files) throw files
  const { broker, publicKey, inside } = await askConnection(values.url)
  const key = readKey(process.env.FLEET_KEY, values['key-file'])
  // One vehicle cannot be in two places: those that the server drives itself have the first numbers.
  const first = inside + 1
  const scheduler = createScheduler(systemClock)
  const fleet = createFleet({
    vehicles,
    first,
    intervalSeconds: values.interval,
    seed: values.seed,
    speed: values.speed,
    key,
    publicKey: publicKeyFrom(publicKey),
    connect: mqttConnect(broker),
    clock: systemClock,
    scheduler,
    faults: {
      malformedShare: values.malformed / 100,
      duplicateShare: values.duplicates / 100,
      wrongClockShare: values['wrong-clocks'] / 100,
      wrongClockMs: values['wrong-clock-by'] * 1000,
      outages: values.outages === 'on',
    },
  })
  const apps = createApps({
    send: (path, init) => fetch(new URL(path, values.url), { ...init, signal: AbortSignal.timeout(10_000) }),
    key,
    vehicles: Array.from({ length: vehicles }, (_, index) => identityOf(index + first).vehicle),
    rate: values['app-rate'],
    random: randomOf(values.seed, 'apps'),
    scheduler,
  })
  let late = 0
  const halt = keepRunning(scheduler, ms => {
    late = Math.max(late, ms)
  })
  const startedAt = systemClock.monotonic()
  const runsMs = () => systemClock.monotonic() - startedAt
  try {
    fleet.start()
    apps.start()
    await watch()
    apps.stop()
    const before = fleet.stats()
    await fleet.stop()
    const summary = summaryOf(before, fleet.stats(), apps.counts(), runsMs())
    process.stderr.write(`\n${tableOf(summary)}`)
    process.stdout.write(`${JSON.stringify(summary)}\n`)
  } finally {
    halt()
  }

  /** Shows how it goes until the time is over. @throws Problem when the broker takes nobody */
  async function watch() {
    let shownMs = 0
    const endMs = values.duration === 0 ? Number.POSITIVE_INFINITY : values.duration * MINUTE_MS
    while (runsMs() < endMs && !stop.signal.aborted) {
      await wait(Math.min(PROGRESS_MS, endMs - runsMs()), undefined, { signal: stop.signal }).catch(() => {})
      const stats = fleet.stats()
      if (stats.acknowledged === 0) judge(stats)
      if (!process.stderr.isTTY && runsMs() - shownMs < PROGRESS_FILE_MS) continue
      shownMs = runsMs()
      const line = progressOf(stats, late)
      process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`)
      late = 0
    }
  }

  function judge({ refused, errors }: { refused: number; errors: number }) {
    if (refused > 0)
      throw new Problem(
        `${broker} does not take the vehicles' passwords: this is not the key of its fleet`,
        'FLEET_KEY as the server has it, or --key-file with the file that it wrote beside its database',
      )
    if (errors > 0 && runsMs() > FIRST_ANSWER_MS)
      throw new Problem(`${broker} cannot be reached`, 'is the port open, and the broker running?')
  }
}
