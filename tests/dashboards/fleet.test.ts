import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { expect, test } from 'vitest'
import { dashboards } from '../../src/dashboards/index.ts'
import { dashboardQueries } from '../../src/dashboards/queries.ts'
import { campaignStates } from '../../src/fleet/campaigns/api.ts'
import { kpiNames } from '../../src/fleet/kpis/kpi.ts'
import { targets } from '../../src/fleet/kpis/targets.ts'
import { updateStates } from '../../src/vehicle/update-states.ts'

const asked = dashboardQueries().filter(({ dashboard }) => dashboard === 'fleet')
const board = dashboards.find(({ uid }) => uid === 'fleet')
const panels = ((board?.panels ?? []) as Panel[]).filter(({ type }) => type !== 'row')
const panel = (title: string) => panels.find(found => found.title === title)
const coloured = (title: string) =>
  (panel(title)?.fieldConfig?.overrides ?? []).map(({ matcher }) => matcher.options)
const valuesOf = (label: string) =>
  asked.flatMap(({ expr }) =>
    Array.from(expr.matchAll(new RegExp(`\\b${label}=~?"([^"$]*)"`, 'g')), ([, values = '']) =>
      values.split('|'),
    ).flat(),
  )

test('every figure of the vehicle API is shown, by its own name', () => {
  expect(valuesOf('kpi').sort()).toEqual([...kpiNames].sort())
})

test('a figure that has a target changes its colour there', () => {
  for (const [name, { target }] of Object.entries(targets)) {
    const { panel: title = '' } = asked.find(({ expr }) => expr.includes(`kpi="${name}"`)) ?? {}
    const levels = panel(title)?.fieldConfig?.defaults.thresholds?.steps.map(({ value }) => value)
    expect([name, levels]).toEqual([name, expect.arrayContaining([target])])
  }
})

test('vehicles, updates and campaigns are asked for, and coloured, by states that exist', () => {
  const known: string[] = ['online', 'offline', 'updating', ...campaignStates]
  expect(valuesOf('state').filter(state => !known.includes(state))).toEqual([])
  expect(coloured('Updates by state').filter(state => !updateStates.some(name => name === state))).toEqual([])
  expect(
    coloured('Campaigns by state').filter(state => !campaignStates.some(name => name === state)),
  ).toEqual([])
})

test('a stronger signal is a higher line: the value itself, on an axis below 0', () => {
  const signal = panel('Strength of the signal')
  expect(signal?.fieldConfig?.defaults).toMatchObject({ unit: 'dBm', min: -120 })
  expect(asked.filter(({ expr }) => /abs\(/.test(expr))).toEqual([])
})

test('vehicles are counted as they are now, not summed over messages', () => {
  const counting = asked.filter(({ expr }) => expr.includes('fleet_vehicles{'))
  expect(counting.filter(({ expr }) => /(rate|increase|_over_time)\(fleet_vehicles/.test(expr))).toEqual([])
})

test('model and region choose wherever vehicles are counted by them', () => {
  const counting = asked.filter(({ expr, panel: name }) => expr.includes('fleet_vehicles{') && panel(name))
  expect(counting.length).toBeGreaterThan(5)
  for (const { expr } of counting)
    for (const [selector] of expr.matchAll(/fleet_vehicles\{.*?\}/g)) {
      expect(selector).toContain('model=~"$model"')
      expect(selector).toContain('region=~"$region"')
    }
})

test('no VIN, vehicle or device selects or groups a series or a stream', () => {
  for (const { expr } of asked) expect(expr).not.toMatch(/(\{|by \()[^})]*\b(vin|vehicle|device)\b/i)
})

test('the alarm’s limits are drawn where it looks', () => {
  const limitsOf = (title: string) =>
    panel(title)?.fieldConfig?.defaults.thresholds?.steps.map(({ value }) => value)
  expect(limitsOf('Share of attempts that failed')).toContain(0.05)
  expect(limitsOf('Connected, by region')).toContain(0.8)
  expect(limitsOf('Telemetry delay')).toContain(5)
})
