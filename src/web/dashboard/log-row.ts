import type { LogLine } from '../../stage/api.ts'
import { h } from '../dom.ts'
import { money, timeWithSeconds } from '../format.ts'
import type { Row } from '../keyed-list.ts'

const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

/** What tells this line from others of its event, most telling first. */
export function tellingParts(line: LogLine): string[] {
  const { method, route, status, duration_ms, tool, user, reason, amount } = line
  const { from_version, to_version, from, to, alert, subject, fault, faults, scenario, release, model } = line
  const parts = [
    method && `${method} ${route ?? ''}`,
    status !== undefined && String(status),
    alert,
    subject !== alert && subject,
    fault ?? faults,
    scenario,
    to_version && `${from_version ?? '–'} → ${to_version}`,
    to && `${from ?? '–'} → ${to}`,
    release,
    model,
    tool,
    user,
    line.is_overage && 'overage',
    amount !== undefined && money(amount),
    reason,
    line.by && `by ${line.by}`,
    line.incident !== undefined && `incident ${line.incident}`,
    duration_ms !== undefined && `${number.format(duration_ms)} ms`,
  ].filter(part => typeof part === 'string' && part !== '') as string[]
  return parts.length > 0 ? parts : [line.msg]
}

/** @param onRequest wants to see all lines of a request */
export function logRow(line: LogLine, onRequest: (requestId: string) => void): Row<LogLine> {
  const { time, level, event, version, request_id: requestId } = line
  const element = h(
    'li',
    { class: 'log-row', 'data-level': level },
    h('time', { datetime: time }, timeWithSeconds(time)),
    h('span', { class: 'log-level' }, level),
    h('span', { class: 'log-event' }, event),
    h('span', { class: 'log-parts' }, ...tellingParts(line).map(part => h('span', {}, part))),
    h(
      'span',
      { class: 'log-origin' },
      version ? h('span', { class: 'log-version' }, version) : null,
      requestId
        ? h(
            'button',
            {
              type: 'button',
              class: 'log-request',
              title: `All lines of request ${requestId}`,
              'aria-label': `All lines of request ${requestId}`,
              click: () => onRequest(requestId),
            },
            requestId,
          )
        : null,
    ),
  )
  return { element, update() {} }
}
