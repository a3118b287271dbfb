import { series } from '../../telemetry.ts'
import { grafana, lines, page, runbook } from '../look-at.ts'
import type { Scenario } from '../scenario.ts'

export const frontendError: Scenario = {
  name: 'frontend-error',
  title: 'Frontend error',
  story:
    'A script of the page for the audience throws in half of the browsers. The server is well: no request of it fails. Only what browsers report back shows it, with the version and the line of the script.',
  steps: [
    {
      title: 'Traffic begins',
      detail: 'Mostly people who look: simulated browsers beside the phones in the room.',
    },
    {
      title: 'The script breaks in half of the browsers',
      detail: 'A broken phone says so and goes on without live numbers.',
    },
    {
      title: 'Browsers report',
      detail: 'Each report has the message, the stack, the version and a request id.',
    },
    { title: 'Follow one report', detail: 'Its request id leads to the lines of the request before it.' },
    { title: 'End it', detail: 'Presenter: stop the scenario; phones mend themselves with the next frame.' },
  ],
  disturbance: { kind: 'faults', faults: { browser_script: { share: 0.5 } } },
  traffic: { rate: 20, mix: { borrow: 20, give_back: 18, look: 60, ask_for_nothing: 2, frontend_error: 0 } },
  seconds: 120,
  look_at: [
    page('/', 'A phone whose script is broken says so'),
    page('/dashboard', 'The log, filtered by the event frontend_error'),
    grafana('logs', 'Errors of pages, by message'),
    runbook('FrontendErrorBurst', 'What to ask and what to press'),
  ],
  promql: [
    {
      title: 'Errors that pages reported within a minute',
      query: `sum(increase(${series('frontend_errors_total')}[1m]))`,
    },
    {
      title: 'Requests that the server failed: none',
      query: `sum(rate(${series('http_requests_total', { status: { matches: '5..' } })}[1m]))`,
    },
  ],
  logql: [
    { title: 'What browsers reported', query: lines('frontend_error') },
    {
      title: 'Reports by script',
      query: `topk(5, sum by (source) (count_over_time(${lines('frontend_error')} [1m])))`,
    },
  ],
}
