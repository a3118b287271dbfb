/** One soak: the server with everything on, everybody who does something to it, its restarts, and what must hold of it. */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createBook } from './book.ts'
import { VEHICLES } from './campaigns.ts'
import { createClient } from './client.ts'
import { type Check, estateChecks, fleetChecks, ledgerChecks, sizesOf } from './files.ts'
import { startLoad } from './load.ts'
import { followLog, type LogFollower } from './log-follower.ts'
import type { Plan, Restart } from './plan.ts'
import { ALERT_TOKEN } from './presenter.ts'
import { merged } from './report.ts'
import { createRoom, type Room } from './room.ts'
import { type Sample, takeSample } from './samples.ts'
import { type Soaked, type Stop, soakedServer } from './server.ts'
import { settled, startWatching } from './watch.ts'

export interface Wishes {
  plan: Plan
  seed: number
  /** Where it works: nothing else is in there. */
  folder: string
  port: number
  /** Ends the load early; the checks are made all the same. */
  stop: AbortSignal
  progress(text: string): void
}

export interface Outcome {
  samples: readonly Sample[]
  /** When all clients had left. */
  atRest: Sample | undefined
  checks: Check[]
  deeds: ReadonlyMap<string, number>
  statuses: ReadonlyMap<number, number>
  warnings: ReadonlyMap<string, number>
  stops: readonly Stop[]
  /** MB. */
  sizes: ReadonlyMap<string, number>
  requests: number
  /** Requests that a restart left without an answer. */
  cut: number
  seconds: number
  logLines: number
  logRenamings: number
}

/** Everything is on; the log is so small that it is renamed meanwhile. */
const settings = {
  LOG_FILE_MAX_MB: '16',
  // Full at once, so that what grows is no cache.
  SQLITE_CACHE_MB: '1',
  // As in the image.
  MALLOC_ARENA_MAX: '2',
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --max-semi-space-size=8`,
  FLEET_VEHICLES: String(VEHICLES),
  FLEET_SPEED: '10',
  ESTATE_SERVERS: '40',
  ESTATE_HISTORY_DAYS: '1',
  ALERT_WEBHOOK_TOKEN: ALERT_TOKEN,
}

/** @throws when the server does not start, or the soak itself is broken; the server is gone then */
export async function soak(wishes: Wishes): Promise<Outcome> {
  const { folder, port } = wishes
  const files = { dbPath: join(folder, 'main.db'), logPath: join(folder, 'server.log') }
  const server = soakedServer({ ...files, port }, settings)
  try {
    return await soakOn(server, files, wishes)
  } finally {
    server.abandon()
  }
}

async function soakOn(
  server: Soaked,
  { dbPath, logPath }: { dbPath: string; logPath: string },
  { plan, seed, folder, stop, progress }: Wishes,
): Promise<Outcome> {
  const client = createClient(server)
  const room = createRoom(server, client, seed)
  const book = createBook()
  const log = followLog(logPath)
  const seen: (Check & { when: string })[] = []
  const note = (when: string, checks: readonly Check[]) => {
    seen.push(...checks.map(check => ({ ...check, when })))
    for (const { rule, problems } of checks)
      if (problems.length > 0) progress(`  ${when}: FAILED: ${rule}: ${problems[0]?.slice(0, 300)}`)
  }

  const startedAt = performance.now()
  const elapsed = () => (performance.now() - startedAt) / 1000
  await server.start()
  progress(`up after ${secondsOf(server.life.startMs)}, process ${server.life.pid}, ${server.url}`)
  const load = await startLoad(room, book)
  const more = () => `${load.streams} streams, ${book.grants.size} borrows`
  const watching = startWatching({ room, log, startedAt, more, progress })

  const until = async (seconds: number) => {
    while (!stop.aborted && room.isOpen && elapsed() < seconds) await wait(100)
  }
  for (const restart of plan.restarts) {
    await until(restart.at)
    if (stop.aborted || !room.isOpen) break
    progress(await restarted(server, restart))
    note(`after the ${restart.how} at ${Math.round(elapsed())} s`, [
      ...ledgerChecks(dbPath, book, load.capMax),
      ...fleetChecks(join(folder, 'fleet.db'), load.vehicles, false),
    ])
  }
  await until(plan.seconds)
  const seconds = elapsed()

  progress('the load ends')
  room.close()
  const hostile = await load.done
  const judged = watching.samples.length
  note('at the end', [
    {
      rule: 'faults heal, streams are gone, the pipeline is well',
      problems: await settled({ room, startedAt }),
    },
  ])
  const atRest = (await takeSample(server, startedAt)) ?? undefined
  await server.end('SIGTERM')
  const stoppedAt = Date.now()
  await watching.stop()
  log.close()
  client.close()

  note('in the files', [
    ...ledgerChecks(dbPath, book, load.capMax),
    ...fleetChecks(join(folder, 'fleet.db'), load.vehicles, true),
    ...estateChecks(join(folder, 'estate.db'), join(folder, 'lake'), load.machine, stoppedAt),
  ])
  note('meanwhile', conductChecks(server, room, log, hostile))
  return {
    samples: watching.samples.slice(0, judged),
    atRest,
    checks: merged(seen),
    deeds: room.deeds,
    statuses: client.statuses,
    warnings: log.warnings,
    stops: server.stops,
    sizes: sizesOf(folder),
    requests: client.requests,
    cut: client.cut,
    seconds,
    logLines: log.lines,
    logRenamings: log.renamings,
  }
}

const secondsOf = (ms: number) => `${(ms / 1000).toFixed(1)} s`

async function restarted(server: Soaked, { how }: Restart): Promise<string> {
  await server.end(how)
  await server.start()
  const { ms = 0, code = null } = server.stops.at(-1) ?? {}
  return `${how}: ended with ${code ?? 'no code'} after ${secondsOf(ms)}, up again after ${secondsOf(server.life.startMs)}`
}

/** A process that is killed takes those lines with it that it had not written: of its last moments. */
const UNWRITTEN_MS = 2000

/** How the server behaved: answers, log, exit codes. */
function conductChecks(server: Soaked, { client }: Room, log: LogFollower, hostile: string[]): Check[] {
  const { stops, death, complaints } = server
  const kills = stops.filter(({ how }) => how === 'SIGKILL')
  const isUnwritten = (at: number) =>
    kills.some(kill => kill.at + kill.ms >= at && kill.at - at < UNWRITTEN_MS)
  const unexplained = [...client.faulted].filter(([id, at]) => !log.provoked.has(id) && !isUnwritten(at))
  const codes = stops.filter(({ how, code }) => how === 'SIGTERM' && code !== 0)
  return [
    {
      rule: 'no answer of 5xx, and no broken connection, that was not brought about',
      problems: [...client.findings, ...hostile],
    },
    {
      rule: 'borrows failed by the fault "errors" only',
      problems: unexplained.map(([id]) => `the log knows nothing of request ${id}`),
    },
    { rule: 'no line of level error that was not brought about', problems: log.errors },
    {
      rule: 'every line of the log is whole',
      problems: log.broken > kills.length ? [`${log.broken} are not`] : [],
    },
    { rule: 'no warning of the runtime on standard error', problems: complaints },
    { rule: 'SIGTERM ends with 0', problems: codes.map(({ code }) => `it was ${code}`) },
    { rule: 'the server never ended by itself', problems: death === null ? [] : [death] },
  ]
}
