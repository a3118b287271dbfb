/** One query of a panel, in the words of this house, and as the data source wants it. */
import { DataqueryBuilder as LokiQueryBuilder, QueryEditorMode } from '@grafana/grafana-foundation-sdk/loki'
import {
  QueryEditorMode as PrometheusEditorMode,
  DataqueryBuilder as PrometheusQueryBuilder,
  PromQueryFormat,
} from '@grafana/grafana-foundation-sdk/prometheus'

export const datasources = {
  promql: { type: 'prometheus', uid: 'prometheus' },
  logql: { type: 'loki', uid: 'loki' },
} as const

export interface Query {
  language: keyof typeof datasources
  expr: string
  /** How a series is called; `{{label}}` is replaced. */
  legend: string
  /** `series` over time, the `value` now, a `table` of the values now, or log `lines`. */
  answer: 'series' | 'value' | 'table' | 'lines'
  /** Whether the requests that a bucket remembers are drawn as points. */
  exemplars?: boolean
}

/** Series over time. */
export const over = (expr: string, legend: string, { exemplars = false } = {}): Query => ({
  language: 'promql',
  expr,
  legend,
  answer: 'series',
  exemplars,
})

/** The value now: it goes away when there is none, where a series would keep its last one. */
export const now = (expr: string): Query => ({ language: 'promql', expr, legend: '', answer: 'value' })

/** A row for each series, with its labels as columns. */
export const rows = (expr: string): Query => ({ language: 'promql', expr, legend: '', answer: 'table' })

/** A count or rate that Loki makes of log lines. */
export const counted = (expr: string, legend: string): Query => ({
  language: 'logql',
  expr,
  legend,
  answer: 'series',
})

/** Log lines themselves. */
export const lines = (expr: string): Query => ({ language: 'logql', expr, legend: '', answer: 'lines' })

/** The query as a panel holds it. @param refId unique in its panel */
export function target(query: Query, refId: string) {
  return query.language === 'promql' ? prometheusTarget(query, refId) : lokiTarget(query, refId)
}

function prometheusTarget({ expr, legend, answer, exemplars }: Query, refId: string) {
  const builder = new PrometheusQueryBuilder()
    .datasource(datasources.promql)
    .refId(refId)
    .editorMode(PrometheusEditorMode.Code)
    .expr(expr)
    .format(answer === 'table' ? PromQueryFormat.Table : PromQueryFormat.TimeSeries)
  if (legend) builder.legendFormat(legend)
  if (exemplars) builder.exemplar(true)
  return answer === 'series' ? builder.range() : builder.instant()
}

function lokiTarget({ expr, legend, answer }: Query, refId: string) {
  const builder = new LokiQueryBuilder()
    .datasource(datasources.logql)
    .refId(refId)
    .editorMode(QueryEditorMode.Code)
    .expr(expr)
    .queryType('range')
  if (legend) builder.legendFormat(legend)
  return answer === 'lines' ? builder.maxLines(500) : builder
}
