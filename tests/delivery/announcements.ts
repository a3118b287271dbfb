/** Announcements as Alertmanager sends them. */
import type { World } from '../support/world.ts'
import { WEBHOOK_TOKEN } from '../support/world.ts'

export interface Announced {
  name?: string
  severity?: string
  slo?: string
  fingerprint?: string
  startsAt?: string
  /** Left out: it fires. */
  endsAt?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

const NEVER = '0001-01-01T00:00:00Z'

export const announcement = (...alerts: Announced[]) => ({
  version: '4',
  groupKey: '{}:{alertname="BorrowAvailabilityBurn"}',
  truncatedAlerts: 0,
  status: alerts.some(({ endsAt }) => endsAt === undefined) ? 'firing' : 'resolved',
  receiver: 'stage',
  groupLabels: {},
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager:9093',
  alerts: alerts.map(
    ({
      name = 'BorrowAvailabilityBurn',
      severity = 'page',
      slo = 'borrow-availability',
      fingerprint = 'c0ffee00c0ffee00',
      startsAt = '2026-01-01T00:00:00Z',
      endsAt,
      labels,
      annotations,
    }) => ({
      status: endsAt === undefined ? 'firing' : 'resolved',
      labels: { alertname: name, severity, slo, ...labels },
      annotations: { summary: `${name} in words`, ...annotations },
      startsAt,
      endsAt: endsAt ?? NEVER,
      generatorURL: 'http://prometheus:9090/graph',
      fingerprint,
    }),
  ),
})

/** Sends an announcement with the right token. */
export const announce = (world: World, ...alerts: Announced[]) =>
  world.send('POST', '/alerts/webhook', announcement(...alerts), {
    authorization: `Bearer ${WEBHOOK_TOKEN}`,
  })
