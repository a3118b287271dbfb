import { expect, test } from 'vitest'
import { dashboards } from '../../src/dashboards/index.ts'
import { dashboardQueries, withoutVariables } from '../../src/dashboards/queries.ts'

test('queries of panels, annotations and variables are listed, as they stand in the files', () => {
  const asked = dashboardQueries().filter(({ dashboard }) => dashboard === 'releases-incidents')
  const named = (name: string) => asked.find(({ panel }) => panel === name)
  expect(named('Faults over time')).toEqual({
    dashboard: 'releases-incidents',
    panel: 'Faults over time',
    language: 'promql',
    expr: 'faults_active{job="license-server"}',
  })
  expect(named('Faults')).toMatchObject({ language: 'logql' })
  expect(named('version')).toMatchObject({ language: 'promql', expr: 'app_build_info{job="license-server"}' })
  expect(named('Borrows per second, by version')?.expr).toContain('$__rate_interval')
})

test('every query in the files is listed', () => {
  const inPanels = JSON.stringify(dashboards.map(({ panels }) => panels)).match(/"expr":/g)?.length ?? 0
  const others = dashboards.flatMap(({ annotations, templating }) => [
    ...(annotations?.list ?? []),
    ...(templating?.list ?? []).filter(({ type }) => type === 'query'),
  ])
  expect(dashboardQueries()).toHaveLength(inPanels + others.length)
  expect(dashboardQueries().filter(({ expr }) => expr === '')).toEqual([])
})

test('no variable is left when they are replaced', () => {
  const left = dashboardQueries().filter(({ expr }) => withoutVariables(expr).includes('$'))
  expect(left).toEqual([])
})

test('a variable that nobody declared is named', () => {
  expect(() => withoutVariables('up{host="$host"}')).toThrow('no value for the variable $host')
})

test('every variable of a query can be chosen on its dashboard', () => {
  for (const { dashboard, expr } of dashboardQueries()) {
    const board = dashboards.find(({ uid }) => uid === dashboard)
    const chosen = board?.templating?.list?.map(({ name }) => name) ?? []
    const wanted = Array.from(expr.matchAll(/\$([a-z]\w*)/g), ([, name]) => name)
    expect(wanted.filter(name => !chosen.includes(name ?? ''))).toEqual([])
  }
})
