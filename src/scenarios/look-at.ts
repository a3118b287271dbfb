/** Where to look, and what to ask there. Names of metrics and labels are checked by the compiler. */
import type { EventName } from '../observability/event-names.ts'
import { JOB } from '../telemetry.ts'
import type { ScenarioShape } from './api.ts'

type Place = ScenarioShape['look_at'][number]

/** Where the stack's Grafana listens, as the other documents name it. */
const GRAFANA = 'http://localhost:3000'
/** The dashboards' own names; a test holds them to `src/dashboards/`. */
const dashboards = {
  'license-operations': 'Grafana: license operations',
  'service-slo': 'Grafana: service health and SLO',
  'releases-incidents': 'Grafana: releases and incidents',
  fleet: 'Grafana: fleet',
  logs: 'Grafana: logs',
} as const
const pages = {
  '/dashboard': 'Live dashboard',
  '/fleet': 'Fleet',
  '/': 'Borrow',
} as const

/** A page of this server. @param what shows there */
export const page = (href: keyof typeof pages, what: string): Place => ({ title: pages[href], href, what })

/** One of Grafana's dashboards, where the stack runs. */
export const grafana = (uid: keyof typeof dashboards, what: string): Place => ({
  title: dashboards[uid],
  href: `${GRAFANA}/d/${uid}`,
  what,
})

/** What to do about it. @param section of the runbook */
export const runbook = (section: string, what: string): Place => ({
  title: `Runbook: ${section}`,
  href: `/runbook#${section}`,
  what,
})

/** The lines of one or more events, with their fields. */
export const lines = (...events: [EventName, ...EventName[]]): string =>
  events.length === 1
    ? `{job="${JOB}", event="${events[0]}"} | json`
    : `{job="${JOB}", event=~"${events.join('|')}"} | json`
