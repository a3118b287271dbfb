import type { AlertsFrame, Severity } from '../../delivery/api.ts'
import { h, setAttribute, setText } from '../dom.ts'
import { duration } from '../format.ts'
import type { Row } from '../keyed-list.ts'
import { serverNow } from '../server-clock.ts'

type Alert = AlertsFrame['firing'][number]

export interface AlertRow<T = Alert> extends Row<T> {
  /** Brings the time since it began up to date. */
  tick(): void
}

export const severityWords: Record<Severity, string> = {
  page: 'Page',
  ticket: 'Ticket',
  warning: 'Warning',
  other: 'Other',
}

/** One alert that fires: how urgent, what, since when, and where it says what to do. */
export function alertRow(first: Alert): AlertRow {
  let alert = first
  const severity = h('span', { class: 'severity' })
  const demo = h('span', { class: 'badge' }, 'demo time')
  const summary = h('p', { class: 'alert-summary' })
  const subject = h('span')
  const since = h('time')
  const row: AlertRow = {
    element: h(
      'li',
      { class: 'alert' },
      h('div', { class: 'alert-head' }, severity, h('h3', {}, first.name), demo),
      summary,
      h(
        'div',
        { class: 'alert-foot' },
        h('p', {}, subject, ' ', since),
        h(
          'a',
          { href: `/runbook#${encodeURIComponent(first.name)}`, 'aria-label': `Runbook: ${first.name}` },
          'Runbook',
        ),
      ),
    ),
    update(next) {
      alert = next
      setAttribute(row.element, 'data-severity', next.severity)
      setText(severity, severityWords[next.severity])
      demo.hidden = !next.demo_time
      setText(summary, next.summary)
      setText(subject, next.subject)
      subject.hidden = next.subject === next.name
      setAttribute(since, 'datetime', next.starts_at)
      row.tick()
    },
    tick() {
      setText(since, `for ${duration((serverNow() - Date.parse(alert.starts_at)) / 1000)}`)
    },
  }
  return row
}
