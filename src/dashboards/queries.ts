/** Every query that the dashboards ask, so that tests can ask them too. */
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { dashboards } from './index.ts'

export interface DashboardQuery {
  dashboard: string
  /** The panel's title, or the name of the annotation or variable. */
  panel: string
  language: 'promql' | 'logql'
  /** With Grafana's variables still in it. */
  expr: string
}

/** The queries of all dashboards: of panels, annotations and variables. */
export const dashboardQueries = (): DashboardQuery[] => dashboards.flatMap(queriesOf)

function queriesOf(dashboard: Dashboard): DashboardQuery[] {
  const panels = (dashboard.panels ?? []) as Panel[]
  const asked = [
    ...panels.flatMap(({ title, targets = [] }) => targets.map(one => ({ name: title, ...queryIn(one) }))),
    ...(dashboard.annotations?.list ?? []).map(one => ({ name: one.name, ...queryIn(one) })),
    ...(dashboard.templating?.list ?? [])
      .filter(({ type }) => type === 'query')
      .map(one => ({
        name: one.name,
        uid: one.datasource?.uid,
        expr: one.definition?.replace(/^label_values\((.*), \w+\)$/, '$1'),
      })),
  ]
  return asked.map(({ name = '', uid, expr = '' }) => ({
    dashboard: dashboard.uid ?? '',
    panel: name,
    language: uid === 'loki' ? 'logql' : 'promql',
    expr,
  }))
}

const queryIn = (asking: object) => {
  const { expr, datasource } = asking as { expr?: string; datasource?: { uid?: string } }
  return { expr, uid: datasource?.uid }
}

const values: Record<string, string> = {
  __rate_interval: '1m',
  __interval: '15s',
  __auto: '1m',
  __range: '15m',
  tool: '.*',
  model: '.*',
  region: '.*',
  service: '.*',
  version: '.*',
  level: '.*',
  event: '.*',
  search: '',
  request_id: '',
}

/** The query as Grafana would ask it when everything is chosen. Throws on a variable that nobody declared. */
export const withoutVariables = (expr: string): string =>
  expr.replaceAll(/\$(\w+)/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`no value for the variable $${name} in ${expr}`)
    return value
  })
