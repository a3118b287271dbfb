/** Runs the same incident on two paths on a server that runs, and keeps the result. */
import { writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { RaceShape } from '../src/race/api.ts'
import { commandLine } from './command-line.ts'

const help = `Runs the same incident on two paths: a bad release on a running server, the same defect in a simulated fleet.

Usage: PRESENTER_TOKEN=… npm run race -- [options]

  --url URL        the server [http://localhost:8000]
  --factor N       simulated seconds in a real one, 600 to 86400 [14400]
  --vehicles N     10 to 500 [100]
  --seed N         the same seed makes the same fleet [1]
  --rate N         simulated borrows and returns a second, 1 to 200 [20]
  --out FILE       where the result goes; - is standard output [-]
  -h, --help       print this

It takes some minutes: as long as the fleet needs, by its own clock.
`

const values = commandLine(help, {
  url: { preset: 'http://localhost:8000', check: text => (URL.canParse(text) ? null : 'must be an address') },
  factor: { preset: 14_400, min: 600, max: 86_400 },
  vehicles: { preset: 100, min: 10, max: 500 },
  seed: { preset: 1, min: 0, max: 2 ** 31 - 1 },
  rate: { preset: 20, min: 1, max: 200 },
  out: { preset: '-' },
})

const DAY_MS = 86_400_000
const token = process.env.PRESENTER_TOKEN ?? ''

async function ask(method: string, path: string, body?: object): Promise<RaceShape> {
  const response = await fetch(new URL(path, values.url), {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  })
  const data = (await response.json()) as RaceShape & { title?: string; detail?: string }
  if (!response.ok) throw new Error(`${data.title}: ${data.detail}`)
  return data
}

const newestOf = ({ steps }: RaceShape['cloud']) =>
  steps
    .filter(({ at_ms: at }) => at !== null)
    .sort((a, b) => (a.at_ms ?? 0) - (b.at_ms ?? 0))
    .at(-1)?.title

const progress = ({ cloud, vehicle }: RaceShape) =>
  `${(cloud.elapsed_ms / 1000).toFixed(0)} s: ${newestOf(cloud)}  |  day ${(vehicle.elapsed_ms / DAY_MS).toFixed(1)}: ${newestOf(vehicle) ?? 'driving'}`

function table({ table: rows }: RaceShape): string {
  const seconds = (ms: number | null) => (ms === null ? '–' : `${(ms / 1000).toFixed(1)} s`)
  const days = (ms: number | null) => (ms === null ? '–' : `${(ms / DAY_MS).toFixed(1)} days`)
  return rows
    .map(({ measure, title, cloud, vehicle }) =>
      measure === 'hit'
        ? `  ${title.padEnd(36)} ${String(cloud ?? '–').padStart(10)} ${String(vehicle ?? '–').padStart(14)}`
        : `  ${title.padEnd(36)} ${seconds(cloud).padStart(10)} ${days(vehicle).padStart(14)}`,
    )
    .join('\n')
}

/** A server that restarts goes on with its race. */
const FORGIVES = 60
let unanswered = 0
function forgive(error: Error): null {
  if (++unanswered > FORGIVES) throw error
  return null
}

try {
  const { factor, vehicles, seed, rate } = values
  let race = await ask('POST', '/races', { factor, vehicles, seed, rate })
  const stop = () => void ask('POST', `/races/${race.id}/cancel`).then(() => process.exit(1))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  while (race.state === 'running') {
    await wait(1000)
    race = (await ask('GET', `/races/${race.id}`).catch(forgive)) ?? race
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${progress(race)}`)
  }
  process.stderr.write(
    `\n${race.state}\n${''.padEnd(38)} ${'server'.padStart(10)} ${'fleet'.padStart(14)}\n${table(race)}\n`,
  )
  const text = `${JSON.stringify(race, null, 1)}\n`
  if (values.out === '-') process.stdout.write(text)
  else writeFileSync(values.out, text)
  process.exitCode = race.state === 'finished' ? 0 : 1
} catch (error) {
  process.stderr.write(
    `${(error as Error).message}\n  Try: PRESENTER_TOKEN as the server has it, and npm start\n`,
  )
  process.exitCode = 1
}
