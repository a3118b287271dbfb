/** What Loki must answer. */
import { dashboardQueries, withoutVariables } from '../../src/dashboards/queries.ts'
import { estateEventNames } from '../../src/observability/event-names.ts'
import { allAlerts } from '../../src/rules/index.ts'
import { borrowOnce, reportFrontendError } from './app-checks.ts'
import { ask, until } from './ask.ts'
import type { Report } from './report.ts'

/** The queries that the README and the pages tell people to paste. */
export const documentedQueries = [
  '{job="license-server"} | json | level="info"',
  '{job="license-server"} | json | event="borrow_license"',
  '{job="license-server"} | json | tool="cad_tool"',
  '{job="license-server"} | json | event="frontend_error"',
]
const LABELS = ['env', 'event', 'job', 'level', 'service_name']
/** Names that Loki adds to every stream by itself. */
const ADDED_BY_LOKI = ['__stream_shard__']

const BORROW_MS = 2000
const DATA_MS = 10_000
const LOOK_BACK_SECONDS = 6 * 3600
/** Lines that only a trouble writes; nothing here makes one. */
const NOT_PROVOKED: readonly string[] = [
  ...estateEventNames,
  'log_delivery_failed',
  'log_delivery_recovered',
  'storage_failed',
  'dead_letter',
  'device_refused',
  'clock_corrected',
  'sequence_gap',
  'samples_dropped',
  'broker_connected',
  'broker_disconnected',
  'ingest_blocked',
  'ingest_recovered',
]

interface Streams {
  data: { resultType: string; result: { stream?: Record<string, string>; values?: unknown[] }[] }
}

interface Options {
  app: string
  loki: string
  headers: Record<string, string>
  /** Whether faults, alerts and incidents were made. */
  failureInduced: boolean
}

export async function checkLoki(
  report: Report,
  { app, loki, headers, failureInduced }: Options,
): Promise<void> {
  async function result(query: string) {
    const end = Math.floor(Date.now() / 1000) + 60
    const span = { start: String(end - LOOK_BACK_SECONDS), end: String(end), step: '60', limit: '100' }
    const parameters = new URLSearchParams({ query, ...span })
    return (await ask<Streams>(`${loki}/loki/api/v1/query_range?${parameters}`, { headers })).data.result
  }
  const hasData = async (query: string) => (await result(query)).length > 0
  const linesOf = (requestId: string) => `{job="license-server"} | json | request_id="${requestId}"`

  await report.check('a borrow is in Loki within 2 s', async () => {
    const requestId = await borrowOnce(app)
    const { tookMs } = await until('the line', BORROW_MS, () => hasData(linesOf(requestId)))
    return `after ${(tookMs / 1000).toFixed(1)} s`
  })
  await report.check('a request id found in a browser’s error leads to its lines', async () => {
    const requestId = await reportFrontendError(app)
    const error = `{job="license-server"} | json | event="frontend_error" | caused_by_request_id="${requestId}"`
    await until('the report', DATA_MS, () => hasData(error))
    await until('the lines', DATA_MS, () => hasData(linesOf(requestId)))
  })
  await report.check(`streams have the labels ${LABELS.join(', ')} and no others`, async () => {
    const start = String(Math.floor(Date.now() / 1000) - 600)
    const parameters = new URLSearchParams({ 'match[]': '{job="license-server"}', start })
    const { data } = await ask<{ data: Record<string, string>[] }>(
      `${loki}/loki/api/v1/series?${parameters}`,
      {
        headers,
      },
    )
    const names = [...new Set(data.flatMap(stream => Object.keys(stream)))].filter(
      name => !ADDED_BY_LOKI.includes(name),
    )
    if (names.sort().join() !== LABELS.join()) throw new Error(`they have ${names.join(', ')}`)
    return `${data.length} streams`
  })
  for (const query of documentedQueries)
    await report.check(query, async () => void (await until('a line', DATA_MS, () => hasData(query))))

  const asked = [
    ...dashboardQueries()
      .filter(({ language }) => language === 'logql')
      .map(({ dashboard, panel, expr }) => ({
        name: `${dashboard}, ${panel}`,
        query: withoutVariables(expr),
      })),
    ...allAlerts().map(({ alert, annotations }) => ({ name: `alert ${alert}`, query: annotations.logql })),
  ]
  const seen = new Set<string>()
  for (const { name, query } of asked) {
    if (seen.has(query)) continue
    seen.add(query)
    const title = `${name}: ${query}`
    const [, events = ''] = /event=~?"([^"]*)"/.exec(query) ?? []
    if (events !== '' && events.split('|').every(event => needsTrouble(event, failureInduced)))
      await report.check(`${title} is understood`, async () => void (await result(query)))
    else await report.check(title, async () => void (await until('a line', DATA_MS, () => hasData(query))))
  }
}

/** Whether such a line comes only when something is wrong that was not made. */
function needsTrouble(event: string, failureInduced: boolean): boolean {
  if (NOT_PROVOKED.includes(event)) return true
  return !failureInduced && /^(fault|alert|incident|campaign|wave|update|release)_|internal_error/.test(event)
}
