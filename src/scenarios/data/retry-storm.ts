import { series } from '../../telemetry.ts'
import { grafana, lines, page, runbook } from '../look-at.ts'
import type { Scenario } from '../scenario.ts'

const attempts = series('license_borrow_attempts_total')
const failed = series('license_borrow_failure_total', { reason: 'error' })

export const retryStorm: Scenario = {
  name: 'retry-storm',
  title: 'Retry storm',
  story:
    'Half of the borrows fail, and every client asks again at once, up to three times. People see few errors; the server sees nearly twice the load. Retries hide a defect from its users and multiply it for its owners.',
  steps: [
    {
      title: 'Traffic begins, with retries',
      detail: 'A borrow that fails is asked again at once, up to three times.',
    },
    { title: 'Half of the borrows fail', detail: 'The load nearly doubles although nobody new has come.' },
    { title: 'Compare what is asked with what is wanted', detail: 'Attempts rise, grants do not.' },
    {
      title: 'The budget burns faster',
      detail: 'Each retry is a request of its own, and half of them fail again.',
    },
    { title: 'End it', detail: 'Presenter: stop the scenario; attempts fall back at once.' },
  ],
  disturbance: { kind: 'faults', faults: { errors: { share: 0.5 } } },
  traffic: { rate: 20, retries: 3 },
  seconds: 120,
  look_at: [
    page('/dashboard', 'Borrows a second and the share of errors'),
    grafana('license-operations', 'Borrows asked for against borrows granted'),
    grafana('service-slo', 'Requests by route and status'),
    runbook('BorrowAvailabilityBurn', 'What to ask and what to press'),
  ],
  promql: [
    {
      title: 'Share of attempts that fail and are asked again',
      query: `sum(rate(${failed}[1m])) / (sum(rate(${attempts}[1m])) > 0)`,
    },
    { title: 'Borrows asked for, a second', query: `sum(rate(${attempts}[1m]))` },
    {
      title: 'Borrows granted, a second',
      query: `sum(rate(${series('license_borrow_success_total')}[1m]))`,
    },
    {
      title: 'Answers a second, by status',
      query: `sum by (status) (rate(${series('http_requests_total', { route: '/licenses/borrow' })}[1m]))`,
    },
  ],
  logql: [
    { title: 'Failures, each followed by a retry', query: lines('internal_error') },
    {
      title: 'Failures by version, a minute',
      query: `sum by (version) (count_over_time(${lines('internal_error')} [1m]))`,
    },
  ],
}
