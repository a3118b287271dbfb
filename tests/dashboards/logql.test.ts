import { parser } from '@grafana/lezer-logql'
import type { SyntaxNode } from '@lezer/common'
import { describe, expect, test } from 'vitest'
import { dashboardQueries, withoutVariables } from '../../src/dashboards/queries.ts'
import { eventNames } from '../../src/observability/event-names.ts'

const queries = dashboardQueries()
  .filter(({ language }) => language === 'logql')
  .map(query => ({ ...query, expr: withoutVariables(query.expr) }))

/** The labels that lines are stored under: nothing else selects or groups without `| json`. */
const stored = ['job', 'service_name', 'env', 'level', 'event']

function problemsOf(expr: string): string[] {
  const problems: string[] = []
  const textOf = ({ from, to }: SyntaxNode) => expr.slice(from, to)
  const isBelow = (node: SyntaxNode, name: string): boolean =>
    node.parent !== null && (node.parent.name === name || isBelow(node.parent, name))
  parser.parse(expr).iterate({
    enter: ({ node }) => {
      if (node.type.isError) problems.push(`does not parse at ${node.from}`)
      if (node.name === 'Identifier' && (isBelow(node, 'Selector') || isBelow(node, 'Grouping')))
        if (!stored.includes(textOf(node))) problems.push(`no label ${textOf(node)}`)
      const [name, value] = [node.firstChild, node.lastChild]
      if (node.name !== 'Matcher' || !name || !value || textOf(name) !== 'event') return
      for (const event of textOf(value).slice(1, -1).split('|'))
        if (event !== '.*' && !eventNames.some(known => known === event)) problems.push(`no event ${event}`)
    },
  })
  return problems
}

describe.each(queries)('$dashboard: $panel', ({ expr }) => {
  test(`${expr} parses, and names labels and events that exist`, () => {
    expect(problemsOf(expr)).toEqual([])
  })
})

test.each([
  ['{job="license-server"', /does not parse/],
  ['{user="ada"}', /no label user/],
  ['{job="license-server", event=~"borrow_license|borrow_licence"}', /no event borrow_licence$/],
  ['{job="license-server"} | json | event="returned"', /no event returned/],
  ['sum by (tool) (rate({job="license-server"}[1m]))', /no label tool/],
])('the check would find what is wrong in %s', (expr, problem) => {
  expect(problemsOf(expr).join('\n')).toMatch(problem)
})

test('a viewer can follow one request: the id that is typed is looked for in the lines', () => {
  const all = dashboardQueries().find(({ panel }) => panel.startsWith('All lines'))
  expect(all?.expr).toContain('|= "$request_id"')
})
