/** What other terminals can do with a stack: see it, end it. */
import { statePath } from './commands.ts'
import { askHealth } from './health.ts'
import { appHealth, parts } from './parts.ts'
import { end } from './processes.ts'
import { addressOf, type Settings } from './settings.ts'
import { endLeftovers, forgetState, isAlive, readState } from './state.ts'
import { type Row, tableText } from './table.ts'

const PATIENCE_MS = 10_000
const ALL_PARTS_MS = 70_000

/** Ends the stack that runs, and what an earlier one left. @returns the exit code */
export async function down(settings: Settings, print: (text: string) => void): Promise<number> {
  const state = readState(statePath(settings))
  if (!state) {
    print('No stack runs here.\n')
    return 0
  }
  const { supervisor } = state
  const isRunning = () => isAlive(supervisor)
  if (await isRunning()) await end(supervisor.pid, isRunning, { ms: ALL_PARTS_MS })
  await endLeftovers(state, line => print(`${line}\n`), { ms: PATIENCE_MS })
  forgetState(statePath(settings))
  print('The stack is down.\n')
  return 0
}

/** Prints how the stack is now. @returns 0 when it runs, else 1 */
export async function status(settings: Settings, print: (text: string) => void): Promise<number> {
  const state = readState(statePath(settings))
  const runs = state !== null && (await isAlive(state.supervisor))
  if (!state || !runs) {
    const alive = await Promise.all(
      (state?.members ?? []).map(async member => ((await isAlive(member)) ? member : [])),
    )
    const left = alive.flat().map(({ name, pid }) => `${name} (process ${pid})`)
    print(
      left.length > 0
        ? `The stack ended without cleaning up; still there: ${left.join(', ')}. End them: npm run stack -- down\n`
        : 'No stack runs here.\n',
    )
    return 1
  }
  print(tableText(await Promise.all(state.rows.map(row => now(row, settings)))))
  print(
    `\n${state.isUp ? 'Up' : 'Still starting'} (process ${state.supervisor.pid}). Stop: npm run stack -- down\n`,
  )
  return 0
}

/** The row as the part answers at this moment. */
async function now(row: Row, settings: Settings): Promise<Row> {
  if (row.standing !== 'running' && row.standing !== 'not ready') return row
  const page = row.name === 'app' ? appHealth : parts[row.name]
  const { well, said } = await askHealth(addressOf(settings, row.name), page)
  return { ...row, standing: well ? 'running' : 'not ready', why: well ? '' : said }
}
