/** Drives a server with everything on for a while, through restarts, and says whether it kept its promises and its size. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandLine } from './command-line.ts'
import { planOf } from './soak/plan.ts'
import { checkLines, lagLine, restLine, trendChecks, trendLines, trendsOf } from './soak/report.ts'
import { soak } from './soak/run.ts'

const help = `Usage: npm run soak -- [options]

Starts the built server in a temporary folder with everything on (60 vehicles, 40 servers with a day of history, log file,
metrics, faults), and drives it: borrows with keys and retries, all reads, streams, phones, campaigns, scenarios, races,
faults, alerts, hostile requests. It is stopped (SIGTERM) and killed (kill -9) meanwhile, on the same files.

  --minutes N    how long, 2 to 1440 [20]
  --seed N       the same seed does the same things, as far as time allows [1]
  --json FILE    where the samples of each second go
  --port N       of the server; 0: any free one [0]
  --keep FOLDER  work there and leave the files (it must exist)
  --quick        90 seconds: a smoke test; trends are told, too short as they are to be judged
  -h, --help     print this

Ctrl-C ends the load; what was seen is checked and told all the same. The exit code is 1 when something did not hold.
Memory, descriptors and handles are judged over the life of the last process, after a warm-up: the least value of each
minute, and the slope of those (Theil-Sen, with its 95 % limits). One fails when even the lower limit is above its bound.
The caches of the databases are small here (SQLITE_CACHE_MB=1): they would grow for an hour, up to their bound. As in the
image, the C library has two heaps (MALLOC_ARENA_MAX=2) and a thread 24 MB of short-lived objects (NODE_OPTIONS).
`

const values = commandLine(help, {
  minutes: { preset: 20, min: 2, max: 1440 },
  seed: { preset: 1, min: 0, max: 2 ** 31 - 1 },
  json: { preset: '' },
  port: { preset: 0, min: 0, max: 65_535 },
  keep: { preset: '', check: text => (existsSync(text) ? null : 'must be a folder that exists') },
  quick: { preset: false },
})

const print = (text = '') => process.stdout.write(`${text}\n`)
const progress = (text: string) => process.stderr.write(`${text}\n`)
const plan = planOf(values.minutes, values.quick)
const folder = values.keep || mkdtempSync(join(tmpdir(), 'twinloop-soak-'))
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

try {
  print(
    `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores before it; ${plan.seconds} s, seed ${values.seed}`,
  )
  const outcome = await soak({
    plan,
    seed: values.seed,
    folder,
    port: values.port,
    stop: stop.signal,
    progress,
  })
  const trends = trendsOf(outcome.samples, plan)
  const checks = [...outcome.checks, ...trendChecks(trends)]
  const { samples, deeds, statuses, sizes, warnings, seconds, requests } = outcome
  const listed = (map: ReadonlyMap<string | number, number>) =>
    [...map]
      .sort()
      .map(([what, count]) => `${what} ${count}`)
      .join(', ')

  print()
  print(
    `${Math.round(seconds)} s of load: ${requests} requests (${(requests / seconds).toFixed(0)} a second), ${outcome.cut} cut off by restarts`,
  )
  print(`answers: ${listed(statuses)}`)
  print(`done: ${listed(deeds)}`)
  print(
    `stops: ${outcome.stops.map(({ how, code, ms }) => `${how} → ${code ?? 'killed'} in ${(ms / 1000).toFixed(1)} s`).join(', ')}`,
  )
  print(
    `log: ${outcome.logLines} lines, renamed ${outcome.logRenamings} times; warnings: ${listed(warnings) || 'none'}`,
  )
  print(
    `files, MB: ${[...sizes]
      .sort()
      .map(([name, size]) => `${name} ${size.toFixed(1)}`)
      .join(', ')}`,
  )
  print(lagLine(samples))
  print(restLine(outcome.atRest))
  print()
  for (const line of trendLines(trends)) print(line)
  print()
  for (const line of checkLines(checks)) print(line)
  if (values.json)
    writeFileSync(
      values.json,
      `${JSON.stringify({ plan, seed: values.seed, samples, trends, checks }, null, 1)}\n`,
    )
  if (checks.some(({ problems }) => problems.length > 0)) process.exitCode = 1
} catch (error) {
  process.stderr.write(`${(error as Error).stack}\n  Try: npm run build, and a free port\n`)
  process.exitCode = 1
} finally {
  if (!values.keep) rmSync(folder, { recursive: true, force: true })
}
process.exit()
