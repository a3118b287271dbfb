/** Addresses in Grafana: a panel of a dashboard, and a query in Explore. */
import type { LogQuery, StackReply } from '../../stage/api.ts'
import { logPanel, type PanelPlace } from './links-table.ts'

export type LogFilters = Pick<LogQuery, 'level' | 'event' | 'tool' | 'version' | 'request_id'>

const sources = {
  promql: { type: 'prometheus', uid: 'prometheus' },
  logql: { type: 'loki', uid: 'loki' },
} as const
const isHere = (hostname: string) => /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname)
const levels = ['debug', 'info', 'warn', 'error']

/** Where Grafana is for this browser, without a slash at its end; null: nowhere. */
export function grafanaOf({ parts }: StackReply, pageHost: string): string | null {
  const { state, url } = parts.find(({ name }) => name === 'grafana') ?? {}
  if (state !== 'up' || !url || !URL.canParse(url)) return null
  const { protocol, hostname } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') return null
  // The server's own machine is not that of a phone.
  if (isHere(hostname) && !isHere(pageHost)) return null
  return url.replace(/\/+$/, '')
}

/** The panel alone, in its dashboard. */
export const panelUrl = (base: string, { uid, panel, past }: PanelPlace): string =>
  dashboardUrl(base, uid, panel, past)

/** The panel's query, for every tool: Explore knows no variable of a dashboard. */
export const exploreUrl = (base: string, { language, queries, past }: PanelPlace): string =>
  explore(
    base,
    language,
    queries.map(query => query.replaceAll('$tool', '.*')),
    past,
  )

/** All lines that match, in the dashboard of the log: it can choose by level, event and request. */
export function logPanelUrl(base: string, { level, event, request_id }: LogFilters): string {
  const chosen = [
    ...(level ? andWorse(level).map(name => ['var-level', name]) : []),
    ...(event ? [['var-event', event]] : []),
    ...(request_id ? [['var-request_id', request_id]] : []),
  ]
  return `${dashboardUrl(base, logPanel.uid, logPanel.panel, '15m')}${chosen
    .map(([name, value]) => `&${name}=${encodeURIComponent(value ?? '')}`)
    .join('')}`
}

/** The same lines in Explore. */
export const logExploreUrl = (base: string, filters: LogFilters): string =>
  explore(base, 'logql', [logQl(filters)], '15m')

/** What Loki must be asked for the lines that the filters let through. */
export function logQl({ level, event, ...fields }: LogFilters): string {
  const labels = [
    'job="license-server"',
    ...(level ? [`level=~"${andWorse(level).join('|')}"`] : []),
    ...(event ? [`event=${JSON.stringify(event)}`] : []),
  ]
  const wanted = Object.entries(fields).filter(([, value]) => value !== undefined)
  const stages = wanted.map(([name, value]) => ` | ${name}=${JSON.stringify(value)}`)
  return `{${labels.join(', ')}}${stages.length > 0 ? ' | json' : ''}${stages.join('')}`
}

const andWorse = (level: string) => levels.slice(levels.indexOf(level))

const dashboardUrl = (base: string, uid: string, panel: number, past: string) =>
  `${base}/d/${uid}?viewPanel=panel-${panel}&from=now-${past}&to=now`

function explore(base: string, language: PanelPlace['language'], queries: readonly string[], past: string) {
  const datasource = sources[language]
  const pane = {
    datasource: datasource.uid,
    queries: queries.map((expr, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource,
      expr,
      editorMode: 'code',
      ...(language === 'logql' ? { queryType: 'range' } : { range: true, instant: false }),
    })),
    range: { from: `now-${past}`, to: 'now' },
  }
  return `${base}/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify({ a: pane }))}&orgId=1`
}
