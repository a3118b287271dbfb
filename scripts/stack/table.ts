/** What people read when the stack is up. */
import type { Service } from './parts.ts'

export type Standing = 'running' | 'not ready' | 'not ours' | 'not found' | 'skipped' | 'failed' | 'ended'

export interface Row {
  name: Service
  address: string
  standing: Standing
  /** Said after the standing; empty when there is nothing to add. */
  why: string
}

const words: Record<Standing, string> = {
  running: 'running',
  'not ready': 'running, not ready yet',
  'not ours': 'already running, not ours',
  'not found': 'not found',
  skipped: 'skipped',
  failed: 'failed',
  ended: 'ended',
}

/** One line for each part, in columns. */
export function tableText(rows: readonly Row[]): string {
  const cells = rows.map(({ name, address, standing, why }) => [
    name,
    standing === 'not found' ? '–' : address,
    why ? `${words[standing]}: ${why}` : words[standing],
  ])
  const all = [['part', 'address', 'state'], ...cells]
  const width = (column: number) => Math.max(...all.map(row => row[column]?.length ?? 0))
  const [first, second] = [width(0), width(1)]
  return all
    .map(
      ([name = '', address = '', state = '']) =>
        `  ${name.padEnd(first)}  ${address.padEnd(second)}  ${state}\n`,
    )
    .join('')
}

const PROMQL = 'sum by (tool) (rate(license_borrow_success_total[1m]))'
const LOGQL = '{job="license-server"} | json | event="borrow_license"'

/** Three lines: where to look, what to paste, how to stop. @param presenter the presenter's link, if it is known */
export function farewell(rows: readonly Row[], presenter: string | null, detached: boolean): string {
  const usable = rows.filter(({ standing }) => ['running', 'not ready', 'not ours'].includes(standing))
  const address = (name: Service) => usable.find(row => row.name === name)?.address
  const places = [address('app'), presenter && `${presenter} (presenter)`, address('grafana')].filter(Boolean)
  const prometheus = address('prometheus')
  const queries = [
    `${PROMQL}   (PromQL${prometheus ? `, at ${prometheus}` : ''})`,
    `${LOGQL}   (LogQL${address('grafana') ? ', in Explore of Grafana' : ''})`,
  ]
  return [
    `Look:   ${places.join('   ') || 'nothing runs'}`,
    `Paste:  ${queries.join('\n        ')}`,
    `Stop:   ${detached ? 'npm run stack -- down' : 'Ctrl-C'}`,
    '',
  ].join('\n')
}
