import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { expect, test } from 'vitest'
import { dashboards } from '../../src/dashboards/index.ts'
import { dashboardQueries } from '../../src/dashboards/queries.ts'
import { estateMetrics } from '../../src/estate/metrics.ts'
import { stageNames } from '../../src/machine/notices.ts'
import { containerHealths, serverStatuses } from '../../src/machine/samples.ts'
import { estateEventNames } from '../../src/observability/event-names.ts'
import { estateLimits } from '../../src/rules/estate-limits.ts'

const asked = dashboardQueries().filter(({ dashboard }) => dashboard === 'estate')
const board = dashboards.find(({ uid }) => uid === 'estate')
const panels = ((board?.panels ?? []) as Panel[]).filter(({ type }) => type !== 'row')
const panel = (title: string) => panels.find(found => found.title === title)
const coloured = (title: string) =>
  (panel(title)?.fieldConfig?.overrides ?? []).map(({ matcher }) => matcher.options)
const ofPanels = asked.filter(({ panel: title }) => panel(title))
const valuesOf = (label: string) =>
  ofPanels.flatMap(({ expr }) =>
    Array.from(expr.matchAll(new RegExp(`\\b${label}=~?"([^"$]*)"`, 'g')), ([, values = '']) =>
      values.split('|'),
    ).flat(),
  )

/** What the dashboard shows under the name that the rules record. */
const recordedFrom: Record<string, string> = {
  estate_sample_delay_seconds: 'estate:sample_delay_seconds:p95_rate5m',
}

test('every metric of the estate is shown', () => {
  const text = ofPanels.map(({ expr }) => expr).join('\n')
  const missing = Object.keys(estateMetrics).filter(
    name => !new RegExp(`\\b${name}(_bucket|_count|_sum)?\\{`).test(text),
  )
  expect(missing).toEqual([])
  for (const recorded of Object.values(recordedFrom)) expect(text).toContain(recorded)
})

test('every event of the estate is shown', () => {
  const text = ofPanels.map(({ expr }) => expr).join('\n')
  expect(estateEventNames.filter(name => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([])
})

test('resources are asked for, and coloured, by kinds and statuses that exist', () => {
  const statuses: string[] = [...serverStatuses, ...containerHealths, 'up', 'silent']
  expect(valuesOf('status').filter(status => !statuses.includes(status))).toEqual([])
  expect(valuesOf('kind').filter(kind => !['server', 'container', 'service'].includes(kind))).toEqual([])
  for (const title of ['Servers by status', 'Containers by health', 'Instances of services'])
    expect(coloured(title).filter(status => !statuses.includes(status as string))).toEqual([])
  expect(valuesOf('stage').filter(stage => !stageNames.some(name => name === stage))).toEqual([])
})

test('region and service choose wherever there is something by them', () => {
  const ofLabel = (label: string) =>
    Object.entries(estateMetrics)
      .filter(([, { labels }]) => labels.some(name => name === label))
      .map(([name]) => name)
  for (const label of ['region', 'service']) {
    const selectors = ofPanels.flatMap(({ expr }) =>
      ofLabel(label).flatMap(name => expr.match(new RegExp(`\\b${name}\\{.*?\\}`, 'g')) ?? []),
    )
    expect(selectors.length).toBeGreaterThan(1)
    for (const selector of selectors) expect(selector).toContain(`${label}=~"$${label}"`)
  }
})

test('no server, container, instance or device selects or groups a series or a stream', () => {
  for (const { expr } of asked)
    expect(expr).not.toMatch(/(\{|by \()[^})]*\b(server_id|container_id|instance_id|resource|device)\b/i)
})

test('what may be "not a number" is asked for from 0 up, so that a graph has a gap and no error', () => {
  const gauges = Object.entries(estateMetrics)
    .filter(([, { type }]) => type === 'gauge')
    .map(([name]) => name)
    // These are always known.
    .filter(name => !['estate_lake_failing', 'estate_ws_connections'].includes(name))
  for (const { expr } of ofPanels)
    if (gauges.some(name => expr.includes(`${name}{`))) expect(expr).toMatch(/>= 0\)?$/)
})

test('the alarm’s limits are drawn where it looks', () => {
  const limitsOf = (title: string) =>
    panel(title)?.fieldConfig?.defaults.thresholds?.steps.map(({ value }) => value)
  expect(limitsOf('Health score')).toContain(estateLimits.healthScore)
  expect(limitsOf('Servers critical')).toContain(estateLimits.serversCritical)
  expect(limitsOf('Newest sample')).toContain(estateLimits.silentSeconds)
  expect(limitsOf('Lag of each stage')).toContain(estateLimits.lagSeconds)
  expect(limitsOf('Samples set aside, share')).toContain(estateLimits.samplesDead)
})
