import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'
import { describe, expect, test } from 'vitest'
import { dashboardQueries, withoutVariables } from '../../src/dashboards/queries.ts'
import { estateRecordedNames } from '../../src/rules/estate-recorded.ts'
import { fleetRecordedNames } from '../../src/rules/fleet-recorded.ts'
import { allWindows, errorRatio, sloLabels } from '../../src/rules/recorded.ts'
import { metrics } from '../../src/telemetry.ts'

/** What the rules give to alerts, beside the labels of what an alert is about. */
const alertLabels = ['alertname', 'alertstate', 'severity', 'slo', 'time', 'tool', 'output']
/** What Prometheus adds to every series that it scrapes. */
const scraped = ['job', 'instance']
const slo = [...Object.keys(sloLabels('any')), 'sloth_window']

const known = new Map<string, readonly string[]>([
  ['up', scraped],
  ['ALERTS', alertLabels],
  ...[
    ...allWindows.map(errorRatio),
    'slo:objective:ratio',
    'slo:error_budget:ratio',
    'slo:current_burn_rate:ratio',
    'slo:period_error_budget_remaining:ratio',
  ].map(name => [name, slo] as const),
  ...[...fleetRecordedNames, ...estateRecordedNames].map(name => [name, []] as const),
  ...Object.entries(metrics).flatMap(([name, { type, labels }]) =>
    type === 'histogram'
      ? [
          [`${name}_bucket`, [...labels, 'le', ...scraped]] as const,
          [`${name}_count`, [...labels, ...scraped]] as const,
          [`${name}_sum`, [...labels, ...scraped]] as const,
        ]
      : [[name, [...labels, ...scraped]] as const],
  ),
])

const queries = dashboardQueries()
  .filter(({ language }) => language === 'promql')
  .map(query => ({ ...query, expr: withoutVariables(query.expr) }))

/** Each node of a query with its own text. */
function nodesOf(expr: string): { node: SyntaxNode; text: string }[] {
  const nodes: { node: SyntaxNode; text: string }[] = []
  parser.parse(expr).iterate({
    enter: ({ node }) => void nodes.push({ node, text: expr.slice(node.from, node.to) }),
  })
  return nodes
}

const isIn = (outer: SyntaxNode, { from, to }: SyntaxNode) => outer.from <= from && to <= outer.to

function problemsOf(expr: string): string[] {
  const nodes = nodesOf(expr)
  const names = nodes.filter(({ node }) => node.name === 'Identifier')
  const labels = nodes.filter(({ node }) => node.name === 'LabelName')
  return [
    ...nodes.filter(({ node }) => node.type.isError).map(({ node }) => `does not parse at ${node.from}`),
    ...names.filter(({ text }) => !known.has(text)).map(({ text }) => `no metric ${text}`),
    ...labels
      .filter(({ node, text }) => {
        const scope = scopeOf(node)
        return !names.some(name => isIn(scope, name.node) && known.get(name.text)?.includes(text))
      })
      .map(({ text }) => `no label ${text} there`),
  ]
}

/** The part of a query whose series a label is about: one selector, what is grouped, or what is joined. */
function scopeOf(label: SyntaxNode): SyntaxNode {
  let node = label
  while (node.parent && !['VectorSelector', 'AggregateExpr', 'BinaryExpr'].includes(node.name))
    node = node.parent
  return node
}

describe.each(queries)('$dashboard: $panel', ({ expr }) => {
  test(`${expr} parses, and names metrics and labels that exist`, () => {
    expect(problemsOf(expr)).toEqual([])
  })
})

test.each([
  ['sum by (tool (licenses_total)', /does not parse/],
  ['licenses_totl', /no metric licenses_totl/],
  ['licenses_total{tol="x"}', /no label tol/],
  ['sum by (reason) (licenses_total)', /no label reason/],
  ['licenses_total * on (host) licenses_free', /no label host/],
  ['rate(license_borrow_duration_seconds[1m])', /no metric license_borrow_duration_seconds/],
])('the check would find what is wrong in %s', (expr, problem) => {
  expect(problemsOf(expr).join('\n')).toMatch(problem)
})

test('a share is of something: it is divided by what is above 0', () => {
  const divided = queries.filter(({ expr }) => / \/ (?!on \()/.test(expr))
  expect(divided.length).toBeGreaterThan(5)
  expect(divided.filter(({ expr }) => !/ \/ \(.*> 0\)/.test(expr))).toEqual([])
})

test('graphs look back as far as Grafana says, and no query has a window of its own', () => {
  const fixed = dashboardQueries().filter(({ expr }) => /\[\d/.test(expr))
  expect(fixed).toEqual([])
})
