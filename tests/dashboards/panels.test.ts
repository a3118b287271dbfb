import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { describe, expect, test } from 'vitest'
import { dashboards } from '../../src/dashboards/index.ts'

interface Target {
  refId: string
  expr: string
  legendFormat?: string
  datasource: { type: string; uid: string }
}
const all = (board: Dashboard) => (board.panels ?? []) as (Panel & { id: number; panels?: unknown[] })[]
const panels = (board: Dashboard) => all(board).filter(({ type }) => type !== 'row')
const targets = ({ targets = [] }: Panel) => targets as unknown as Target[]
const titles = (found: Panel[]) => found.map(({ title }) => title)

describe.each(dashboards.map(board => ({ board, uid: board.uid })))('$uid', ({ board }) => {
  const none = (wrong: (panel: Panel) => unknown) => expect(titles(panels(board).filter(wrong))).toEqual([])

  test('looks at the last minutes, comes anew every 5 s, and is one of the family', () => {
    expect(board).toMatchObject({
      refresh: '5s',
      tags: ['twinloop'],
      time: { from: board.uid === 'service-slo' ? 'now-1h' : 'now-15m', to: 'now' },
      graphTooltip: 1,
      links: [{ type: 'dashboards', tags: ['twinloop'], asDropdown: true, keepTime: true }],
    })
  })

  test('marks what happened', () => {
    expect(board.annotations?.list?.map(({ name, iconColor, enable }) => [name, iconColor, enable])).toEqual([
      ['Deployments', '#56B4E9', true],
      ['Incidents', '#D55E00', true],
      ['Campaigns', '#009E73', true],
      ['Faults', '#E69F00', true],
      ['Alerts firing', '#CC79A7', true],
      ['Process restarts', '#9aa4b0', true],
    ])
  })

  test('numbers its panels from 1, each once', () => {
    const ids = all(board).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(Math.min(...ids)).toBeGreaterThanOrEqual(1)
  })

  test('has open rows that hold no panel of their own', () => {
    const rows = all(board).filter(({ type }) => type === 'row')
    expect(rows.length).toBeGreaterThan(2)
    for (const row of rows)
      expect(row).toMatchObject({ collapsed: false, panels: [], gridPos: { x: 0, w: 24, h: 1 } })
  })

  test('fits into 24 columns, and no panel covers another', () => {
    const cells = all(board).flatMap(({ gridPos: { x, y, w, h } = { x: 0, y: 0, w: 0, h: 0 } }) => {
      expect(x + w).toBeLessThanOrEqual(24)
      expect(w * h).toBeGreaterThan(0)
      return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`)
    })
    expect(new Set(cells).size).toBe(cells.length)
  })

  test('leaves no holes: every line of panels is 24 columns wide', () => {
    const width = new Map<number, number>()
    for (const { gridPos } of all(board))
      if (gridPos) width.set(gridPos.y, (width.get(gridPos.y) ?? 0) + gridPos.w)
    expect([...width.values()].filter(columns => columns !== 24)).toEqual([])
  })

  test('says of each panel what it shows and why it may be empty', () => {
    none(({ description = '' }) => description.length < 40)
    none(
      ({ description = '' }) =>
        !/empty|flat 0|no line|0 when|reads "none"|keeps its last value|only rises|always here|so it is here/i.test(
          description,
        ),
    )
  })

  test('has short titles, each once', () => {
    none(({ title = '' }) => title.length === 0 || title.length > 45)
    const found = titles(panels(board))
    expect(found.filter((title, index) => found.indexOf(title) !== index)).toEqual([])
  })

  test('gives each panel a unit and words for no value', () => {
    none(({ fieldConfig }) => !fieldConfig?.defaults.unit || !fieldConfig.defaults.noValue)
  })

  test('names the series of a graph that has several, and shows the legend', () => {
    const isGraph = ({ type }: Panel) => ['timeseries', 'barchart'].includes(type)
    const hasSeveral = (panel: Panel) =>
      targets(panel).length > 1 || targets(panel).some(({ legendFormat }) => legendFormat?.includes('{{'))
    none(panel => isGraph(panel) && hasSeveral(panel) && !panel.options.legend.showLegend)
    none(panel => panel.type === 'timeseries' && targets(panel).some(({ legendFormat }) => !legendFormat))
  })

  test('asks the two data sources only, one in each panel, and each query by its own letter', () => {
    none(({ datasource }) => datasource && !['prometheus', 'loki'].includes(datasource.uid ?? ''))
    none(panel => targets(panel).some(({ datasource }) => datasource.uid !== panel.datasource?.uid))
    none(panel => new Set(targets(panel).map(({ refId }) => refId)).size !== targets(panel).length)
  })

  test('leads from each panel to the runbook, and to Explore with the same queries', () => {
    none(({ links = [] }) => !links.some(({ url }) => url?.startsWith('http://localhost:8000/runbook#')))
    for (const panel of panels(board).filter(({ targets = [] }) => targets.length > 0))
      expect(exploredFrom(panel), panel.title).toEqual(
        targets(panel).map(({ refId, expr, datasource }) => ({ refId, expr, datasource })),
      )
  })

  test('hides no link in a menu', () => {
    expect(/inControlsMenu/.test(JSON.stringify(board))).toBe(false)
  })
})

/** The queries that Explore would get; variables are handed over with their format. */
function exploredFrom({ links = [] }: Panel) {
  const url = new URL(links.find(({ url }) => url?.startsWith('/explore?'))?.url ?? '', 'http://grafana')
  expect(url.searchParams.get('schemaVersion')).toBe('1')
  expect(url.searchParams.get('orgId')).toBe('1')
  const { a } = JSON.parse(url.searchParams.get('panes') ?? '')
  expect(a.range).toEqual({ from: '$' + '{__from}', to: '$' + '{__to}' })
  // A variable that stays as it is means nothing in Explore.
  expect(JSON.stringify(a.queries)).not.toMatch(/\$[a-z]/)
  return (a.queries as Target[]).map(({ refId, expr, datasource }) => ({
    refId,
    expr: expr.replaceAll(/\$\{(\w+):(regex|percentencode)\}/g, '$$$1'),
    datasource,
  }))
}

test('only p99 of a latency asks for the single requests behind it', () => {
  const asking = dashboards
    .flatMap(panels)
    .filter(panel => (panel.targets ?? []).some(target => 'exemplar' in target))
  expect(titles(asking)).toEqual(['Time to decide a borrow'])
})

test('every fixed colour is one of the colours with a meaning', () => {
  const used = new Set(JSON.stringify(dashboards).match(/#[0-9a-f]{6}\b/gi))
  const known = ['#009E73', '#D55E00', '#56B4E9', '#E69F00', '#9aa4b0', '#CC79A7']
  expect([...used].filter(colour => !known.includes(colour))).toEqual([])
})
