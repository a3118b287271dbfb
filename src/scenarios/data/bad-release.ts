import { series } from '../../telemetry.ts'
import { grafana, lines, page, runbook } from '../look-at.ts'
import type { Scenario } from '../scenario.ts'

const failed = series('license_borrow_failure_total', { reason: 'error' })
const attempts = series('license_borrow_attempts_total')

export const badRelease: Scenario = {
  name: 'bad-release',
  title: 'Bad release',
  story:
    'A new release looks fine in the pipeline and fails four borrows in ten in front of people. Its logs are noisy, too. The burn of the error budget tells us within seconds; the version on every line tells us why.',
  steps: [
    {
      title: 'Traffic begins',
      detail: 'Twenty things a second, unless the presenter’s traffic runs already.',
    },
    {
      title: 'The release goes out',
      detail: 'Version and commit change on every log line and metric from now on.',
    },
    {
      title: 'The budget burns',
      detail: 'An incident opens by itself when both windows burn; watch time to detect.',
    },
    { title: 'Acknowledge', detail: 'Presenter: acknowledge the incident on /presenter.' },
    { title: 'Localise', detail: 'Filter the log by version: all failures come from the new one.' },
    { title: 'Roll back', detail: 'Presenter: roll back. After 90 seconds it is rolled back by itself.' },
    {
      title: 'Recovered',
      detail: 'Failures end at once; the incident resolves when the short window is clean.',
    },
  ],
  disturbance: { kind: 'release', faults: { errors: { share: 0.4 }, noisy_logs: { lines: 5 } }, seconds: 90 },
  traffic: { rate: 20 },
  seconds: 180,
  look_at: [
    page('/dashboard', 'The share of errors, and the log by version'),
    grafana('releases-incidents', 'Failures beside the version that runs, with a mark for the release'),
    grafana('service-slo', 'The burn rate against the limit that pages'),
    grafana('logs', 'Errors, filtered by version'),
    runbook('BorrowAvailabilityBurn', 'What to ask and what to press'),
  ],
  promql: [
    { title: 'Borrows that fail, a second', query: `sum by (tool) (rate(${failed}[1m]))` },
    {
      title: 'Share of borrows that fail',
      query: `sum(rate(${failed}[1m])) / (sum(rate(${attempts}[1m])) > 0)`,
    },
    { title: 'What runs', query: `max by (version, commit) (${series('app_build_info')})` },
  ],
  logql: [
    { title: 'Why borrows fail, with the version', query: lines('internal_error') },
    {
      title: 'Failures by version',
      query: `sum by (version, commit) (count_over_time(${lines('internal_error')} [1m]))`,
    },
    {
      title: 'What was shipped, and what was rolled back',
      query: lines('release_shipped', 'release_rolled_back'),
    },
    { title: 'The noise of it', query: `sum by (version) (count_over_time(${lines('noisy_log')} [1m]))` },
  ],
}
