import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { dashboards } from '../../src/dashboards/index.ts'
import {
  exploreUrl,
  grafanaOf,
  logExploreUrl,
  logPanelUrl,
  logQl,
  panelUrl,
} from '../../src/web/dashboard/links.ts'
import { logPanel, panels } from '../../src/web/dashboard/links-table.ts'

interface Panel {
  id?: number
  title?: string
  targets?: { expr?: string; datasource?: { type?: string } }[]
  panels?: Panel[]
}

const base = 'http://localhost:3000'
const flat = (list: readonly Panel[]): Panel[] => list.flatMap(panel => [panel, ...flat(panel.panels ?? [])])
const panelOf = (uid: string, id: number) =>
  flat((dashboards.find(board => board.uid === uid)?.panels ?? []) as Panel[]).find(panel => panel.id === id)
const panesOf = (url: string) => JSON.parse(new URL(url).searchParams.get('panes') ?? '').a

test.each(Object.entries(panels))('%s: its panel is in the dashboard, with these queries', (_name, place) => {
  const panel = panelOf(place.uid, place.panel)
  expect(panel?.title).toBe(place.title)
  expect(panel?.targets?.map(({ expr }) => expr)).toEqual(place.queries)
  const types = panel?.targets?.map(({ datasource }) => datasource?.type)
  expect(new Set(types)).toEqual(new Set([place.language === 'promql' ? 'prometheus' : 'loki']))
})

test('every place of the page has its panel, and every panel its place', () => {
  const page = readFileSync(new URL('../../static/dashboard.html', import.meta.url), 'utf8')
  const named = [...page.matchAll(/data-panel="(\w+)"/g)].map(([, name]) => name)
  expect(named.sort()).toEqual(Object.keys(panels).sort())
})

test('a panel is shown alone; Explore shows its queries, for every tool', () => {
  expect(panelUrl(base, panels.traffic)).toBe(
    'http://localhost:3000/d/license-operations?viewPanel=panel-12&from=now-15m&to=now',
  )
  const pane = panesOf(exploreUrl(base, panels.latency))
  expect(pane).toMatchObject({ datasource: 'prometheus', range: { from: 'now-15m', to: 'now' } })
  expect(pane.queries.map(({ refId }: { refId: string }) => refId)).toEqual(['A', 'B', 'C'])
  expect(pane.queries[0].expr).toContain('tool=~".*"')
  expect(exploreUrl(base, panels.latency)).not.toMatch(/%24tool|\$tool/)
})

test('the panel of all lines has the variables that the filters fill', () => {
  expect(panelOf(logPanel.uid, logPanel.panel)?.title).toBe(logPanel.title)
  const board = dashboards.find(({ uid }) => uid === logPanel.uid)
  expect(board?.templating?.list?.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['level', 'event', 'request_id']),
  )
  const url = new URL(logPanelUrl(base, { level: 'warn', event: 'borrow_denied', request_id: 'a&b=c' }))
  expect(url.searchParams.getAll('var-level')).toEqual(['warn', 'error'])
  expect(url.searchParams.get('var-event')).toBe('borrow_denied')
  expect(url.searchParams.get('var-request_id')).toBe('a&b=c')
})

test.each([
  [{}, '{job="license-server"}'],
  [{ level: 'error' as const }, '{job="license-server", level=~"error"}'],
  [
    { level: 'warn' as const, event: 'borrow_denied' as const, tool: 'cad_tool' },
    '{job="license-server", level=~"warn|error", event="borrow_denied"} | json | tool="cad_tool"',
  ],
  [
    { version: '1.2.4', request_id: 'r"} | x\\' },
    '{job="license-server"} | json | version="1.2.4" | request_id="r\\"} | x\\\\"',
  ],
])('filters %j as LogQL: %s', (filters, expected) => {
  expect(logQl(filters)).toBe(expected)
  expect(panesOf(logExploreUrl(base, filters)).queries).toMatchObject([
    { expr: expected, datasource: { type: 'loki', uid: 'loki' }, queryType: 'range' },
  ])
})

const grafana = (state: 'up' | 'absent' | 'failing', url: string | null) => ({
  parts: [{ name: 'grafana' as const, title: 'Grafana', state, detail: '', url, took_ms: 1 }],
})

test.each([
  ['up, on this machine', grafana('up', 'http://localhost:3000/'), 'localhost', 'http://localhost:3000'],
  ['up, elsewhere', grafana('up', 'https://g.example/g'), 'twin.example', 'https://g.example/g'],
  [
    'up on the server’s machine, seen from a phone',
    grafana('up', 'http://localhost:3000'),
    '192.168.1.5',
    null,
  ],
  ['absent', grafana('absent', null), 'localhost', null],
  ['failing', grafana('failing', 'http://localhost:3000'), 'localhost', null],
  ['not an address of the web', grafana('up', 'javascript:alert(1)'), 'localhost', null],
  ['no address', grafana('up', 'nonsense'), 'localhost', null],
  ['not named', { parts: [] }, 'localhost', null],
])('Grafana %s', (_name, stack, host, expected) => {
  expect(grafanaOf(stack, host)).toBe(expected)
})
