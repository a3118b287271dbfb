/**
 * Where Grafana shows what a part of this page shows. Written as the panels are: `tests/web/dashboard-links.test.ts`
 * holds each entry against the dashboards.
 */
export interface PanelPlace {
  /** Of the dashboard. */
  uid: string
  panel: number
  title: string
  language: 'promql' | 'logql'
  queries: readonly string[]
  /** How far back Grafana looks first. */
  past: string
}

const ofTool = '{job="license-server",tool=~"$tool"}'
const perSecond = (metric: string) => `rate(${metric}${ofTool}[$__rate_interval])`
const byTool = (metric: string) => `sum by (tool) (${metric}${ofTool})`
const within = (share: number) =>
  `histogram_quantile(${share}, sum by (le) (${perSecond('license_borrow_duration_seconds_bucket')})) >= 0`

const licenses = { uid: 'license-operations', language: 'promql', past: '15m' } as const

/** By the `data-panel` of the page. */
export const panels = {
  alerts: {
    uid: 'releases-incidents',
    panel: 13,
    title: 'Alerts over time',
    language: 'promql',
    queries: [
      'max by (alertname, severity, time) (ALERTS{alertstate="firing"} * 2 or ALERTS{alertstate="pending"})',
    ],
    past: '1h',
  },
  tiles: {
    ...licenses,
    panel: 4,
    title: 'Borrows per second',
    queries: [`sum (${perSecond('license_borrow_attempts_total')})`],
  },
  traffic: {
    ...licenses,
    panel: 12,
    title: 'Borrows and returns per second',
    queries: ['license_borrow_attempts_total', 'license_borrow_success_total', 'license_returns_total'].map(
      metric => `sum (${perSecond(metric)})`,
    ),
  },
  latency: {
    ...licenses,
    panel: 14,
    title: 'Time to decide a borrow',
    queries: [within(0.5), within(0.95), within(0.99)],
  },
  pools: {
    ...licenses,
    panel: 10,
    title: 'Prepaid, overage and free seats now',
    queries: [
      `${byTool('licenses_borrowed')} - ${byTool('licenses_overage')}`,
      byTool('licenses_overage'),
      byTool('licenses_free'),
    ],
  },
  denials: {
    ...licenses,
    panel: 13,
    title: 'Refused borrows by reason',
    queries: [`sum by (reason) (${perSecond('license_borrow_failure_total')})`],
  },
  recent: {
    ...licenses,
    panel: 20,
    title: 'Who borrowed what (from the log)',
    language: 'logql',
    queries: ['{job="license-server", event="borrow_license"} | json | tool=~"$tool"'],
  },
  costs: {
    ...licenses,
    panel: 17,
    title: 'Overage charged so far, by tool',
    queries: [byTool('license_overage_cost_currency')],
  },
  history: {
    ...licenses,
    panel: 9,
    title: 'Seats in use, by tool',
    queries: [
      `${byTool('licenses_borrowed')} / (${byTool('licenses_total')} > 0)`,
      `${byTool('licenses_commit')} / (${byTool('licenses_total')} > 0)`,
    ],
    past: '24h',
  },
} as const satisfies Record<string, PanelPlace>

/** The panel of all lines, which takes the filters as variables. */
export const logPanel = {
  uid: 'logs',
  panel: 11,
  title: 'All lines that match the choice above',
} as const
