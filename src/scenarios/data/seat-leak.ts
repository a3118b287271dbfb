import { series } from '../../telemetry.ts'
import { grafana, lines, page, runbook } from '../look-at.ts'
import type { Scenario } from '../scenario.ts'

export const seatLeak: Scenario = {
  name: 'seat-leak',
  title: 'Seat leak',
  story:
    'Some seats that people give back do not become free: nobody holds them, and nobody can borrow them. No request fails. Over half a minute the pools fill up, and people are denied for no good reason.',
  steps: [
    {
      title: 'Traffic begins',
      detail: 'Twenty things a second, unless the presenter’s traffic runs already.',
    },
    { title: 'Seats leak', detail: 'One return in ten leaves its seat taken, up to eight seats.' },
    { title: 'The pools fill', detail: 'Phones show it: free seats go to 0 while hardly anybody holds one.' },
    {
      title: 'Ask who holds them',
      detail: 'Presenter: /config lists the holders; “leaked-seat” is nobody. The log names each one.',
    },
    { title: 'End it', detail: 'Presenter: stop the scenario. The leaked seats come back at once.' },
  ],
  disturbance: { kind: 'faults', faults: { seat_leak: { share: 0.1, seats_max: 8 } } },
  traffic: { rate: 20 },
  seconds: 120,
  look_at: [
    page('/', 'Free seats go to 0 on every phone'),
    page('/dashboard', 'Denials rise while borrows fall'),
    grafana('license-operations', 'Use of each pool, and denials by reason'),
    runbook('PoolExhausted', 'What to ask and what to press'),
  ],
  promql: [
    {
      title: 'Seats that are held without a borrow: each leak is a step up that stays',
      query: `${series('licenses_borrowed')} - (${series('license_borrow_success_total')} - ${series('license_returns_total')} - ${series('license_expiries_total')} - ${series('license_revocations_total')})`,
    },
    { title: 'Seats that are free', query: series('licenses_free') },
    {
      title: 'Denials a second, by reason',
      query: `sum by (reason) (rate(${series('license_borrow_failure_total', { reason: { notMatches: 'error|unknown_tool' } })}[1m]))`,
    },
    {
      title: 'Borrows granted, a second',
      query: `sum(rate(${series('license_borrow_success_total')}[1m]))`,
    },
  ],
  logql: [
    { title: 'Seats that leaked', query: lines('seat_leaked') },
    { title: 'Who was denied', query: lines('borrow_denied') },
  ],
}
