/** Where to look, and what to ask there. Names of metrics and labels are checked by the compiler. */
import type { EventName } from '../observability/event-names.ts'
import { JOB } from '../telemetry.ts'

/** A page of this server, or one of Grafana's dashboards, wherever that runs. */
export type Place = { title: string; what: string } & ({ href: string } | { dashboard: string })

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

/** One of Grafana's dashboards. */
export const grafana = (uid: keyof typeof dashboards, what: string): Place => ({
  title: dashboards[uid],
  dashboard: uid,
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
