/** Brings the stack up, keeps it, and takes it down. */
import { mkdirSync } from 'node:fs'
import { appClash } from './app-port.ts'
import { buildApp } from './build-app.ts'
import { appCommand, foldersOf, logPath, statePath } from './commands.ts'
import { type Crew, createCrew, type Member } from './crew.ts'
import { howToGet, platformHere } from './get.ts'
import { askHealth } from './health.ts'
import type { Options } from './options.ts'
import { appHealth, parts } from './parts.ts'
import { appPushesLogs, type Plan, planPart } from './plan.ts'
import { presenterLinkIn } from './presenter-link.ts'
import type { Exit } from './processes.ts'
import { findPrograms } from './programs.ts'
import { writeWebhookToken } from './render.ts'
import { addressOf, type Settings } from './settings.ts'
import { endLeftovers, forgetState, identify, readState } from './state.ts'
import { farewell, tableText } from './table.ts'
import { until } from './wait.ts'

const APP_READY_MS = 30_000
const PART_READY_MS = 60_000
const PATIENCE_MS = 10_000
const LINK_MS = 3000

export interface Streams {
  /** A line of progress. */
  say: (line: string) => void
  print: (text: string) => void
  /** Aborts when all shall end, */
  stopping: AbortSignal
  /** and when it shall end at once. */
  hurry: AbortSignal
}

/** Runs the stack until it is stopped or the app ends. @returns the exit code */
export async function up(settings: Settings, options: Options, streams: Streams): Promise<number> {
  const { say, print, stopping, hurry } = streams
  const left = readState(statePath(settings))
  if (left) await endLeftovers(left, say, { ms: PATIENCE_MS, hurry })
  const clash = options.app ? await appClash(settings) : null
  if (clash) {
    print(`${clash}\n`)
    return 1
  }
  for (const folder of foldersOf(settings)) mkdirSync(folder, { recursive: true })
  writeWebhookToken(settings)

  const { programs } = findPrograms(settings.variables)
  const plans = await Promise.all(options.parts.map(name => planPart(name, programs[name], settings)))
  if (options.app && !(await buildApp(settings, say, stopping))) return stopping.aborted ? 0 : 1

  const supervisor = await identify(process.pid)
  if (!supervisor) throw new Error('the system does not say when this process began')
  const crew = createCrew(settings, supervisor, say, stopping)
  try {
    const app = await bringApp(crew, settings, options, plans)
    if (app.failed !== null) return app.failed
    await Promise.all(plans.map(plan => bringPart(crew, plan, settings, streams)))
    if (stopping.aborted) return 0
    crew.isUp()
    print(`\n${await summary(crew, settings, options)}\n`)
    return await untilOver(app.member, crew, stopping)
  } finally {
    await crew.endAll({ ms: PATIENCE_MS, hurry })
    forgetState(statePath(settings))
  }
}

type Brought = { failed: number; member: null } | { failed: null; member: Member | null }

async function bringApp(crew: Crew, settings: Settings, options: Options, plans: Plan[]): Promise<Brought> {
  const row = { name: 'app' as const, address: addressOf(settings, 'app').replace('127.0.0.1', 'localhost') }
  if (!options.app) {
    const { well, said } = await askHealth(addressOf(settings, 'app'), appHealth)
    crew.show({
      ...row,
      standing: well ? 'not ours' : 'not found',
      why: well ? '' : `${row.address} says: ${said}`,
    })
    return { failed: null, member: null }
  }
  const pushes = appPushesLogs(plans)
  if (pushes) crew.say('app: it will send its log lines to Loki itself, because no Promtail does')
  const member = await crew.begin('app', appCommand(settings, pushes), true)
  const outcome = await crew.ready(member, addressOf(settings, 'app'), appHealth, APP_READY_MS)
  if (outcome.is === 'stopped') return { failed: 0, member: null }
  if (outcome.is === 'ended') {
    crew.mourn(member, outcome.exit)
    return { failed: outcome.exit.code || 1, member: null }
  }
  crew.show({
    ...row,
    standing: outcome.is === 'ready' ? 'running' : 'not ready',
    why: outcome.is === 'late' ? outcome.said : '',
  })
  return { failed: null, member }
}

async function bringPart(
  crew: Crew,
  { row, command }: Plan,
  settings: Settings,
  { stopping }: Streams,
): Promise<void> {
  crew.show(row)
  if (!command || stopping.aborted || row.name === 'app') return
  const member = await crew.begin(row.name, command)
  void member.child.exited.then(exit => {
    if (crew.isEnding()) return
    crew.mourn(member, exit)
    crew.show({ ...row, standing: 'failed', why: `${exit.why}, see ${member.log}` })
  })
  const outcome = await crew.ready(member, addressOf(settings, row.name), parts[row.name], PART_READY_MS)
  if (outcome.is === 'late') crew.show({ ...row, standing: 'not ready', why: outcome.said })
}

async function summary({ rows }: Crew, settings: Settings, { app, detach }: Options): Promise<string> {
  const missing = rows.flatMap(({ name, standing }) =>
    standing === 'not found' && name !== 'app' ? [name] : [],
  )
  const link = () => presenterLinkIn(logPath(settings, 'app'))
  // The app prints it a little after it is ready.
  if (app) await until(() => link() !== null, LINK_MS)
  const presenter = app ? link() : null
  return [tableText(rows), howToGet(missing, platformHere()), farewell(rows, presenter, detach)]
    .filter(Boolean)
    .join('\n')
}

/** Resolves when the stack is stopped, or the app has ended by itself. */
async function untilOver(app: Member | null, crew: Crew, stopping: AbortSignal): Promise<number> {
  const stopped = new Promise<null>(resolve => {
    if (stopping.aborted) resolve(null)
    stopping.addEventListener('abort', () => resolve(null))
  })
  const exit = await Promise.race<Exit | null>(app ? [stopped, app.child.exited] : [stopped])
  if (exit === null || app === null) return 0
  crew.mourn(app, exit)
  return exit.code
}
