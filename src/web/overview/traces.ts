import { h } from '../dom.ts'
import { copyable } from './copyable.ts'
import type { Journey } from './journey.ts'
import { samplesOf } from './metric-changes.ts'

/** The log line as the server writes it, filled with what this browser knows of it. */
function logLine({ answer, durationMs }: Journey): string {
  const { tool, user, id, borrowed_at, is_overage } = answer.data
  return JSON.stringify(
    {
      level: 'info',
      time: borrowed_at,
      service: 'license-server',
      event: 'borrow_license',
      request_id: answer.requestId,
      tool,
      user,
      borrow_id: id,
      is_overage,
      duration_ms: Math.round(durationMs * 10) / 10,
      msg: 'license borrowed',
    },
    null,
    1,
  )
}

function changesTable(changes: Journey['changes']): HTMLElement {
  if (changes === null)
    return h(
      'p',
      { class: 'quiet' },
      'The metrics of this server are on another port, out of this page’s reach.',
    )
  const rows = changes.map(({ series, before, after }) =>
    h(
      'tr',
      {},
      h('td', { class: 'name' }, h('code', {}, series)),
      ...samplesOf(before, after).map((sample, place) =>
        h('td', { class: 'number', 'data-label': place === 0 ? 'Before' : 'After' }, sample),
      ),
    ),
  )
  const head = h(
    'tr',
    {},
    h('th', { scope: 'col' }, 'Series'),
    h('th', { scope: 'col', class: 'number' }, 'Before'),
    h('th', { scope: 'col', class: 'number' }, 'After'),
  )
  const table = h('table', { class: 'stacks' }, h('thead', {}, head), h('tbody', {}, ...rows))
  return h(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': 'Metrics that changed', tabindex: '0' },
    table,
  )
}

/** Everything that a borrow left behind, and what to ask for it elsewhere. */
export function traces(journey: Journey): HTMLElement[] {
  const { answer, changes } = journey
  const { tool } = answer.data
  return [
    h('h3', {}, 'The metrics that changed meanwhile'),
    changesTable(changes),
    h('h3', {}, 'Its log line looks like this'),
    h(
      'p',
      { class: 'quiet' },
      'A page cannot read the log: the fields are the server’s, the duration is this browser’s.',
    ),
    copyable('The line', logLine(journey)),
    h('h3', {}, 'Where to ask'),
    copyable(
      'Loki: every line of this request',
      `{job="license-server"} | json | request_id="${answer.requestId}"`,
    ),
    copyable(
      'Loki: all borrows of the tool',
      `{job="license-server"} | json | event="borrow_license" | tool="${tool}"`,
    ),
    copyable(
      'Prometheus: borrows a second',
      `sum by (tool) (rate(license_borrow_success_total{tool="${tool}"}[1m]))`,
    ),
    copyable(
      'Prometheus: 95 % within',
      'histogram_quantile(0.95, sum by (le) (rate(license_borrow_duration_seconds_bucket[5m])))',
    ),
  ]
}
