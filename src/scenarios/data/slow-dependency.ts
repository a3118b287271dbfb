import { series } from '../../telemetry.ts'
import { grafana, lines, page, runbook } from '../look-at.ts'
import type { Scenario } from '../scenario.ts'

const duration = 'license_borrow_duration_seconds'

export const slowDependency: Scenario = {
  name: 'slow-dependency',
  title: 'Slow dependency',
  story:
    'Something behind the license server has become slow: every borrow waits 0.8 s before it is decided. Nothing fails, so nobody who counts errors sees it. The latency objective does.',
  steps: [
    {
      title: 'Traffic begins',
      detail: 'Twenty things a second, unless the presenter’s traffic runs already.',
    },
    { title: 'Every borrow waits 0.8 s', detail: 'The same version runs: this is no release.' },
    { title: 'p99 rises, errors do not', detail: 'Show both graphs side by side.' },
    { title: 'The latency budget burns', detail: 'An incident opens by itself.' },
    { title: 'End it', detail: 'Presenter: stop the scenario, or let its two minutes pass.' },
  ],
  disturbance: { kind: 'faults', faults: { latency: { share: 1, ms: 800 } } },
  traffic: { rate: 20 },
  seconds: 120,
  look_at: [
    page('/dashboard', 'The percentiles of the time to decide a borrow'),
    grafana('license-operations', 'Time to decide a borrow; a dot on p99 leads to one request'),
    grafana('service-slo', 'The burn of the latency objective'),
    runbook('BorrowLatencyBurn', 'What to ask and what to press'),
  ],
  promql: [
    {
      title: 'p99 of the time to decide a borrow',
      query: `histogram_quantile(0.99, sum by (le) (rate(${series(`${duration}_bucket`)}[1m])))`,
    },
    {
      title: 'Share of borrows slower than 250 ms',
      query: `1 - sum(rate(${series(`${duration}_bucket`, { le: '0.25' })}[1m])) / (sum(rate(${series(`${duration}_count`)}[1m])) > 0)`,
    },
    {
      title: 'Borrows that fail: none',
      query: `sum(rate(${series('license_borrow_failure_total', { reason: 'error' })}[1m]))`,
    },
  ],
  logql: [
    { title: 'Borrows slower than 250 ms', query: `${lines('borrow_license')} | duration_ms > 250` },
    {
      title: 'p99 as the log tells it, in ms',
      query: `quantile_over_time(0.99, ${lines('borrow_license')} | unwrap duration_ms [1m]) by (job)`,
    },
  ],
}
