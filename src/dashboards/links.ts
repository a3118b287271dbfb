/** Where a panel leads: its query in Explore, and what to do about what it shows. */
import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard'
import { runbookOf } from '../rules/rule.ts'
import { datasources, type Query } from './targets.ts'

/** The sections of the runbook: one for each alert, and how to read a dashboard. */
export type RunbookSection =
  | 'BorrowAvailabilityBurn'
  | 'BorrowLatencyBurn'
  | 'PoolExhausted'
  | 'OverageShareHigh'
  | 'FrontendErrorBurst'
  | 'LogLinesDropped'
  | 'LogWritesFailing'
  | 'TargetDown'
  | 'FleetUpdateFailures'
  | 'FleetConnectivityLow'
  | 'FleetTelemetryDelayed'
  | 'FleetTelemetryAbsent'
  | 'FleetIngestBlocked'
  | 'FleetBrokerAway'
  | 'FleetDeadLetters'
  | 'EstateStageStopped'
  | 'EstateStageLagging'
  | 'EstateNoSamples'
  | 'EstateLakeFailing'
  | 'EstateDeadLetters'
  | 'EstateServersCritical'
  | 'EstateHealthScoreLow'
  | 'reading-the-dashboards'

/** The tag that holds the dashboards together. */
export const TAG = 'twinloop'

/** How Explore, which knows no dashboard variable, is given their values: ready for a regular expression, or as typed. */
const handedOver: Record<string, string> = {
  tool: 'regex',
  model: 'regex',
  region: 'regex',
  service: 'regex',
  version: 'regex',
  level: 'regex',
  event: 'regex',
  search: 'percentencode',
  request_id: 'percentencode',
}

const newTab = (title: string, tooltip: string, url: string) =>
  new DashboardLinkBuilder(title).type(DashboardLinkType.Link).tooltip(tooltip).url(url).targetBlank(true)

/** To the queries in Explore, over the time that the panel shows. */
export const exploreLink = (queries: readonly Query[]) =>
  newTab('Explore this query', 'Opens the query of this panel in Explore', exploreUrl(queries))

export const runbookLink = (section: RunbookSection) =>
  newTab(
    section === 'reading-the-dashboards' ? 'Runbook: how to read this' : `Runbook: ${section}`,
    'Opens the section of the runbook about this panel',
    runbookOf(section),
  )

/** The menu of all dashboards that carry the tag. */
export const dashboardsMenu = () =>
  new DashboardLinkBuilder('Dashboards')
    .type(DashboardLinkType.Dashboards)
    .tooltip('The other dashboards of this server')
    .tags([TAG])
    .asDropdown(true)
    .keepTime(true)

function exploreUrl(queries: readonly Query[]): string {
  const { language = 'promql' } = queries[0] ?? {}
  const pane = {
    datasource: datasources[language].uid,
    queries: queries.map((query, index) => explored(query, refIdOf(index))),
    range: { from: '{from}', to: '{to}' },
  }
  const panes = encodeURIComponent(JSON.stringify({ a: pane }))
    .replace('%7Bfrom%7D', '$' + '{__from}')
    .replace('%7Bto%7D', '$' + '{__to}')
    .replace(/%24([a-z_]+)/g, (written, name: string) =>
      name in handedOver ? `$\{${name}:${handedOver[name]}}` : written,
    )
  return `/explore?schemaVersion=1&panes=${panes}&orgId=1`
}

function explored({ language, expr, answer }: Query, refId: string) {
  const common = { refId, datasource: datasources[language], expr, editorMode: 'code' }
  if (language === 'logql') return { ...common, queryType: 'range' }
  return { ...common, range: answer === 'series', instant: answer !== 'series' }
}

/** A, B, C, … */
export const refIdOf = (index: number): string => String.fromCharCode(65 + index)
