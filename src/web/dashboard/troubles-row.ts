import type { BurnShape, TroubleShape } from '../../delivery/api.ts'
import { h, setAttribute, setText } from '../dom.ts'
import { duration, shortDuration, times } from '../format.ts'
import { serverNow } from '../server-clock.ts'
import { type AlertRow, severityWords } from './alerts-row.ts'

/** How fast a budget burns, in words. */
export const burnWords = ({ title, long, short, long_seconds, short_seconds, factor }: BurnShape): string =>
  `${title}: the error budget burns ${times(long)} as fast as it may (last ${shortDuration(long_seconds)}), ` +
  `${times(short)} in the last ${shortDuration(short_seconds)}. It pages at ${times(factor)}.`

/** What the server sees by itself, as an alert is shown: an open incident, and how its budget burns. */
export function troubleRow(first: TroubleShape): AlertRow<TroubleShape> {
  let trouble = first
  const severity = h('span', { class: 'severity' })
  const title = h('h3')
  const summary = h('p', { class: 'alert-summary' })
  const since = h('time')
  const link = h('a', {}, 'Runbook')
  const row: AlertRow<TroubleShape> = {
    element: h(
      'li',
      { class: 'alert' },
      h(
        'div',
        { class: 'alert-head' },
        severity,
        title,
        h('span', { class: 'badge' }, 'seen by this server'),
      ),
      summary,
      h('div', { class: 'alert-foot' }, h('p', {}, since), link),
    ),
    update(next) {
      trouble = next
      setAttribute(row.element, 'data-severity', next.severity)
      setText(severity, severityWords[next.severity])
      setText(title, nameOf(next))
      setText(
        summary,
        next.burn ? burnWords(next.burn) : 'It is open; its budget does not burn at a paging rate now.',
      )
      setAttribute(since, 'datetime', next.starts_at)
      link.hidden = next.alert === null
      setAttribute(link, 'href', next.alert && `/runbook#${encodeURIComponent(next.alert)}`)
      setAttribute(link, 'aria-label', `Runbook: ${next.alert ?? next.subject}`)
      row.tick()
    },
    tick() {
      const { starts_at: at } = trouble
      setText(since, at === null ? '' : `for ${duration((serverNow() - Date.parse(at)) / 1000)}`)
    },
  }
  return row
}

/** `Incident 3: borrow-latency`. */
export const nameOf = ({ incident, subject }: TroubleShape): string =>
  incident === null ? `Budget of ${subject}` : `Incident ${incident}: ${subject}`
