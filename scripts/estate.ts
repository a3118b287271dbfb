/** The estate: the whole of it with its server, one stage alone, a replay, the score of its detectors. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { readBuildInfo } from '../src/config/build-info.ts'
import { decideConfig } from '../src/config/config.ts'
import { readEnvironment } from '../src/config/env.ts'
import { StartFailure } from '../src/shared/errors.ts'
import { replay } from '../src/stage-alone/replay.ts'
import { commandLine } from './command-line.ts'
import { scoreDetectors } from './estate/score.ts'
import { scoreTable } from './estate/score-table.ts'

const help = `The estate: servers, containers and services, from their samples to the page /estate.

Usage: npm run estate -- <what> [options]

  all          the server with all stages, 1000 simulated servers and seven days of their past
  generator    only the generator, for a broker that runs
  ingest       only the ingestion: from a broker into the lake
  transform    only the transformer: from the lake into the database
  replay       forget the database from a day on, and take the lake again
  score        how many injected faults the detectors find, how soon, and what else they report

Options, each with its variable (npm start -- --help has all of them):
  --servers N        simulated servers (all, generator; ESTATE_SERVERS) [1000]; score [100]
  --history DAYS     of their past (ESTATE_HISTORY_DAYS) [all: 7; generator: 0]
  --seed N           the same seed makes the same estate (ESTATE_SEED) [1]
  --interval SECONDS between two samples of each (ESTATE_INTERVAL) [30]
  --url URL          the MQTT broker (generator, ingest, transform; MQTT_URL) [mqtt://localhost:1883]
  --lake URL         a folder or s3://bucket/prefix (LAKE_URL) [lake]
  --db FILE          the estate's database (transform, replay; ESTATE_DB_PATH) [estate.db]
  --name NAME        which of several (ingest; ESTATE_STAGE_NAME): 2 or 3
  --port N           where a stage serves /health and /metrics (ESTATE_STAGE_PORT); with all: the server [8000]
  --key-file FILE    where the server keeps the key of passwords (FLEET_KEY_FILE), unless FLEET_KEY is set [fleet.db.key]
  --from DAY         the first day that is taken again, as in 2026-11-14 (replay)
  --hours N          simulated hours that are scored (score) [24]
  -h, --help         print this

In an environment without npm: node dist/estate-stage.js generator|ingest|transform
`

const verbs = ['all', 'generator', 'ingest', 'transform', 'replay', 'score']
const [verb = '', ...rest] = process.argv.slice(2)
const wantsHelp = verb === '' || verb === '-h' || verb === '--help'
if (wantsHelp || !verbs.includes(verb)) {
  const told = wantsHelp ? help : `${verb.slice(0, 60)}: must be one of ${verbs.join(', ')}\n  Try: --help\n`
  ;(wantsHelp ? process.stdout : process.stderr).write(told)
  process.exit(verb === '' ? 78 : wantsHelp ? 0 : 78)
}

const root = fileURLToPath(new URL('..', import.meta.url))
const text = { preset: '' } as const
/** @param max of a number that may be left out */
const number = (min: number, max: number) => ({
  ...text,
  check: (given: string) =>
    Number(given) >= min && Number(given) <= max ? null : `must be a number from ${min} to ${max}`,
})
const values = commandLine(
  help,
  {
    servers: number(1, 5000),
    history: number(0, 30),
    seed: number(0, 2 ** 31),
    interval: number(5, 300),
    url: text,
    lake: text,
    db: text,
    name: text,
    port: text,
    'key-file': text,
    from: { preset: '', check: day => (dayOf(day) === null ? 'must be a day, as in 2026-11-14' : null) },
    hours: { preset: 24, min: 1, max: 168 },
  },
  rest,
)

/** The variables that flags stand for. */
const given: [string, string][] = [
  ['ESTATE_SERVERS', values.servers],
  ['ESTATE_HISTORY_DAYS', values.history],
  ['ESTATE_SEED', values.seed],
  ['ESTATE_INTERVAL', values.interval],
  ['MQTT_URL', values.url],
  ['LAKE_URL', values.lake],
  ['ESTATE_DB_PATH', values.db],
  ['ESTATE_STAGE_NAME', values.name],
  [verb === 'all' ? 'PORT' : 'ESTATE_STAGE_PORT', values.port],
  ['FLEET_KEY_FILE', values['key-file']],
]
for (const [variable, value] of given) if (value !== '') process.env[variable] = value

try {
  if (verb === 'all') await runAll()
  else if (verb === 'replay') await replayFrom(values.from)
  else if (verb === 'score') score()
  else await goOnAs('../src/estate-stage.ts', [verb])
} catch (error) {
  if (!(error instanceof StartFailure)) throw error
  process.stderr.write(`\n${error.message}\n  Try: ${error.hint}\n\n`)
  process.exitCode = error.exitCode
}

/** This process becomes another program. */
async function goOnAs(module: string, args: string[]) {
  process.argv.splice(2, process.argv.length, ...args)
  await import(new URL(module, import.meta.url).href)
}

async function runAll() {
  process.env.ESTATE_SERVERS ||= '1000'
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], { cwd: root, stdio: 'inherit' })
  await goOnAs('../dist/main.js', [])
}

/** Midnight UTC, Unix ms; null: no day. */
function dayOf(day: string): number | null {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  // The thirtieth of February would be a day of March.
  return Number.isNaN(at) || !new Date(at).toISOString().startsWith(day) ? null : at
}

/** Rewrites its line on a terminal. */
function tell(text: string) {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text}` : `${text}\n`)
}

async function replayFrom(day: string) {
  const at = dayOf(day)
  if (at === null) throw new StartFailure('From which day?', 'npm run estate -- replay --from 2026-11-14', 78)
  const config = decideConfig(readEnvironment([]), readBuildInfo())
  const taken = await replay(config, at, ({ done, waiting }) =>
    tell(`${done} samples taken, ${waiting} objects wait`),
  )
  tell('')
  process.stdout.write(`${JSON.stringify(taken)}\n`)
}

function score() {
  let shown = -1
  const report = scoreDetectors({
    hours: values.hours,
    servers: Number(values.servers || 100),
    seed: Number(values.seed || 1),
    onProgress(share) {
      const percent = Math.floor(share * 20) * 5
      if (percent !== shown) tell(`${percent} %`)
      shown = percent
    },
  })
  tell('')
  process.stdout.write(scoreTable(report, values.hours))
}
