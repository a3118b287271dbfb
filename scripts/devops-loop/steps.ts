/** Runs steps one after the other, and tells how long each took. */

export interface Step {
  name: string
  /** @returns what people should know of it; null: it was skipped @throws Error why it failed */
  run: () => Promise<string | null>
}

export type Result = 'ok' | 'skipped' | 'failed' | 'stopped' | 'not reached'

export interface Row {
  name: string
  seconds: number | null
  result: Result
  note: string
}

interface Running {
  /** Monotonic ms. */
  now: () => number
  say: (line: string) => void
  stopping: AbortSignal
}

/** The first step that fails ends it. Never rejects. */
export async function runSteps(steps: readonly Step[], { now, say, stopping }: Running): Promise<Row[]> {
  const rows: Row[] = []
  const isOver = () =>
    stopping.aborted || rows.some(({ result }) => result === 'failed' || result === 'stopped')
  for (const [index, { name, run }] of steps.entries()) {
    if (isOver()) {
      rows.push({ name, seconds: null, result: 'not reached', note: '' })
      continue
    }
    say(`\n[${index + 1}/${steps.length}] ${name}`)
    const began = now()
    const done = (result: Result, note: string) => {
      const seconds = (now() - began) / 1000
      rows.push({ name, seconds, result, note })
      say(`  ${result} after ${seconds.toFixed(1)} s${note === '' ? '' : `: ${note}`}`)
    }
    try {
      const note = await run()
      if (stopping.aborted) done('stopped', '')
      else if (note === null) {
        say('  skipped')
        rows.push({ name, seconds: null, result: 'skipped', note: '' })
      } else done('ok', note)
    } catch (error) {
      done(stopping.aborted ? 'stopped' : 'failed', stopping.aborted ? '' : (error as Error).message)
    }
  }
  return rows
}

export const isGood = (rows: readonly Row[]): boolean =>
  rows.every(({ result }) => result === 'ok' || result === 'skipped')

/** Step, seconds and result in columns, with the sum. */
export function tableOf(rows: readonly Row[]): string {
  const sum = rows.reduce((total, { seconds }) => total + (seconds ?? 0), 0)
  const cells = [
    ['step', 'seconds', 'result'],
    ...rows.map(({ name, seconds, result }) => [name, seconds?.toFixed(1) ?? '–', result]),
    ['all', sum.toFixed(1), isGood(rows) ? 'ok' : 'failed'],
  ]
  return cells
    .map(
      ([name = '', seconds = '', result = '']) => `  ${name.padEnd(8)}  ${seconds.padStart(8)}  ${result}\n`,
    )
    .join('')
}
