import { parser } from '@prometheus-io/lezer-promql'
import { expect, test } from 'vitest'
import { fleetMetrics } from '../../src/fleet/metrics.ts'
import { fleetAlerts } from '../../src/rules/fleet-alerts.ts'
import { demoPatience, fleetLimits, realPatience } from '../../src/rules/fleet-limits.ts'
import { fleetRecordedNames } from '../../src/rules/fleet-recorded.ts'
import { fleetRecordings } from '../../src/rules/fleet-rules.ts'
import { allAlerts } from '../../src/rules/index.ts'
import type { AlertingRule } from '../../src/rules/rule.ts'

const recordings = fleetRecordings().rules as { record: string; expr: string }[]
const alerts = fleetAlerts().rules as AlertingRule[]

/** The names of series in a query. */
function namesIn(expr: string): string[] {
  const names: string[] = []
  parser.parse(expr).iterate({
    enter: ({ name, from, to }) => void (name === 'Identifier' && names.push(expr.slice(from, to))),
  })
  return names
}

test('what is recorded is what has a name for rules and dashboards', () => {
  expect(recordings.map(({ record }) => record).sort()).toEqual([...fleetRecordedNames].sort())
})

test('one series is recorded for each name, however many vehicles and models there are', () => {
  for (const { expr } of recordings)
    expect(expr.match(/ by \((.*?)\)/g) ?? []).toSatisfy(all =>
      (all as string[]).every(by => by === ' by (le)'),
    )
})

test('alerts read what is recorded, or the metrics of the fleet', () => {
  for (const { expr } of alerts)
    for (const name of namesIn(expr))
      expect([...fleetRecordedNames, ...Object.keys(fleetMetrics)]).toContain(name)
})

test.each([
  'FleetUpdateFailures',
  'FleetConnectivityLow',
  'FleetTelemetryDelayed',
  'FleetTelemetryAbsent',
  'FleetIngestBlocked',
  'FleetBrokerAway',
  'FleetDeadLetters',
])('there is the alert %s', name => {
  expect(allAlerts().map(({ alert }) => alert)).toContain(name)
})

test('a share is compared with a share: 5 % of the attempts, 80 % of the vehicles, 1 % of the messages', () => {
  expect(fleetLimits).toMatchObject({ updatesFailed: 0.05, connectivity: 0.8, messagesDead: 0.01 })
  const exprs = alerts.map(({ expr }) => expr).join('\n')
  expect(exprs).toMatch(/^fleet:updates_failed:ratio_increase15m > 0\.05 and /m)
  expect(exprs).toMatch(/^fleet:connectivity:ratio < 0\.8 and /m)
  expect(exprs).toMatch(/^fleet:messages_dead:ratio_increase5m > 0\.01 and /m)
})

test('a telemetry delay of 5 s is a bound of the histogram, so it is judged without guessing', () => {
  expect(fleetMetrics.fleet_telemetry_delay_seconds.buckets).toContain(fleetLimits.delaySeconds)
})

test('demo time has the limits of real time and less patience', () => {
  const [real, demo] = [realPatience, demoPatience].map(({ time }) =>
    alerts.filter(({ labels }) => labels.time === time),
  )
  const shapes = (rules: AlertingRule[] = []) =>
    rules.map(({ alert, expr, labels }) => [
      alert,
      labels.severity,
      expr.replaceAll(/\d+m\b/g, 'WINDOW').replace(/>= [53]$/, '>= SAMPLE'),
    ])
  expect(real).toHaveLength(2)
  expect(shapes(demo)).toEqual(shapes(real))
})

test('only what people must mend now opens an incident: a failed update is no fault of the server’s release', () => {
  const pages = alerts.filter(({ labels }) => labels.severity === 'page').map(({ alert }) => alert)
  expect(pages).toEqual(['FleetIngestBlocked', 'FleetBrokerAway'])
})
