/** The processes of a stack: started, watched until they are well, ended in reverse order. */
import { type Command, environmentOf, logPath, statePath } from './commands.ts'
import { askHealth, type HealthPage } from './health.ts'
import type { Service } from './parts.ts'
import { type Child, type Exit, end, type Patience, start } from './processes.ts'
import type { Settings } from './settings.ts'
import { type Identity, identify, writeState } from './state.ts'
import type { Row } from './table.ts'
import { lastLines } from './tail.ts'
import { until } from './wait.ts'

const PROGRESS_MS = 5000

export interface Member {
  name: Service
  child: Child
  log: string
}

export type Outcome =
  | { is: 'ready' }
  | { is: 'late'; said: string }
  | { is: 'ended'; exit: Exit }
  | { is: 'stopped' }

export function createCrew(
  settings: Settings,
  supervisor: Identity,
  say: (line: string) => void,
  stopping: AbortSignal,
) {
  const members: (Member & { identity: Identity | null })[] = []
  const rows: Row[] = []
  let isUp = false
  let isEnding = false

  const save = () =>
    writeState(statePath(settings), {
      supervisor,
      isUp,
      rows,
      members: members.flatMap(({ name, child, identity }) =>
        identity && child.isRunning() ? [{ name, ...identity }] : [],
      ),
    })

  /** Adds what people see of a part, or changes it. */
  function show(row: Row): void {
    const index = rows.findIndex(({ name }) => name === row.name)
    if (index === -1) rows.push(row)
    else rows[index] = row
    save()
  }

  /** Starts a part. */
  async function begin(name: Service, command: Command, quiet = false): Promise<Member> {
    const log = logPath(settings, name)
    say(`${name}: starting`)
    const child = start(command, { cwd: settings.root, env: environmentOf(name, settings), log, quiet })
    const member = { name, child, log, identity: child.pid === null ? null : await identify(child.pid) }
    members.push(member)
    save()
    return member
  }

  /** Waits until a part is well, has ended, or `patienceMs` are over. */
  async function ready(
    { name, child }: Member,
    address: string,
    page: HealthPage,
    patienceMs: number,
  ): Promise<Outcome> {
    const began = performance.now()
    let told = began
    let said = ''
    let isWell = false
    const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`
    await until(async () => {
      if (!child.isRunning() || stopping.aborted) return true
      const health = await askHealth(address, page)
      isWell = health.well
      said = health.said
      if (!isWell && performance.now() - told > PROGRESS_MS) {
        told = performance.now()
        say(`${name}: not ready after ${seconds()} (${said})`)
      }
      return isWell
    }, patienceMs)
    if (!child.isRunning()) return { is: 'ended', exit: await child.exited }
    if (stopping.aborted) return { is: 'stopped' }
    if (isWell) say(`${name}: ready after ${seconds()}`)
    return isWell ? { is: 'ready' } : { is: 'late', said }
  }

  /** Says that a part ended, with the end of its log. */
  function mourn({ name, log }: Member, exit: Exit): void {
    const lines = lastLines(log)
    say(`${name} ended: ${exit.why}.${lines.length > 0 ? ` The end of ${log}:` : ''}`)
    for (const line of lines) say(`  | ${line}`)
  }

  /** Ends all parts, the last one first. */
  async function endAll(patience: Patience): Promise<void> {
    isEnding = true
    for (const { name, child } of members.toReversed()) {
      if (child.pid === null || !child.isRunning()) continue
      say(`${name}: stopping`)
      await end(child.pid, child.isRunning, patience)
    }
  }

  return {
    say,
    rows,
    show,
    begin,
    ready,
    mourn,
    endAll,
    isEnding: () => isEnding || stopping.aborted,
    isUp() {
      isUp = true
      save()
    },
  }
}

export type Crew = ReturnType<typeof createCrew>
