import { parser } from '@prometheus-io/lezer-promql'
import { expect, test } from 'vitest'
import { estateMetrics } from '../../src/estate/metrics.ts'
import { estateAlerts } from '../../src/rules/estate-alerts.ts'
import { estateLimits } from '../../src/rules/estate-limits.ts'
import { estateRecordedNames } from '../../src/rules/estate-recorded.ts'
import { estateRecordings } from '../../src/rules/estate-rules.ts'
import { allAlerts } from '../../src/rules/index.ts'
import type { AlertingRule } from '../../src/rules/rule.ts'

const recordings = estateRecordings().rules as { record: string; expr: string }[]
const alerts = estateAlerts().rules as AlertingRule[]

/** The names of series in a query. */
function namesIn(expr: string): string[] {
  const names: string[] = []
  parser.parse(expr).iterate({
    enter: ({ name, from, to }) => void (name === 'Identifier' && names.push(expr.slice(from, to))),
  })
  return names
}

test('what is recorded is what has a name for rules and dashboards', () => {
  expect(recordings.map(({ record }) => record).sort()).toEqual([...estateRecordedNames].sort())
})

test('one series is recorded for each name, however many machines there are', () => {
  for (const { expr } of recordings)
    for (const by of expr.match(/ by \((.*?)\)/g) ?? []) expect(by).toBe(' by (le)')
})

test('alerts read what is recorded, or the metrics of the estate', () => {
  for (const { expr } of alerts)
    for (const name of namesIn(expr))
      expect([...estateRecordedNames, ...Object.keys(estateMetrics)]).toContain(name)
})

test.each([
  'EstateStageStopped',
  'EstateStageLagging',
  'EstateNoSamples',
  'EstateLakeFailing',
  'EstateDeadLetters',
  'EstateServersCritical',
  'EstateHealthScoreLow',
])('there is the alert %s', name => {
  expect(allAlerts().map(({ alert }) => alert)).toContain(name)
})

test('nobody is woken for the estate: each alert is a ticket', () => {
  for (const { labels } of alerts) expect(labels.severity).toBe('ticket')
})

test('a share is compared with a share: 5 % of the samples, 2 % of the servers', () => {
  expect(estateLimits).toMatchObject({ samplesDead: 0.05, serversCritical: 0.02 })
  const exprs = alerts.map(({ expr }) => expr).join('\n')
  expect(exprs).toMatch(/^estate:samples_dead:ratio_increase5m > 0\.05 and /m)
  expect(exprs).toMatch(/^\(estate:servers_critical:ratio > 0\.02 and /m)
})

test('no comparison holds for "not a number", so an estate that is not known raises nothing', () => {
  for (const { expr } of [...alerts, ...recordings]) expect(expr).not.toMatch(/!=|\bunless\b|\babsent/)
})

test('a delay of 5 s, as it is aimed at, is a bound of the histogram, so it is judged without guessing', () => {
  expect(estateMetrics.estate_sample_delay_seconds.buckets).toContain(5)
})
