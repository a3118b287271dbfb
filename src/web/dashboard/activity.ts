import type { ActivityFrame, DenialReason } from '../../licensing/api.ts'
import { byId, h, setText } from '../dom.ts'
import { timeWithSeconds } from '../format.ts'
import { keyedList, type Row } from '../keyed-list.ts'

type Entry = ActivityFrame['recent'][number]

const denialWords: Record<DenialReason, string> = {
  exhausted: 'every seat taken',
  max_overage: 'overage limit reached',
  spend_cap: 'monthly budget spent',
  unknown_tool: 'no such tool',
}

const eventWords: Record<string, string> = {
  borrow: 'borrowed',
  return: 'returned',
  renewal: 'renewed',
  expiry: 'lease ran out',
  revocation: 'revoked',
  budget: 'settings changed',
}

const wordsFor = ({ event, detail }: Entry): string => {
  const denied = denialWords[event as DenialReason]
  if (denied) return `denied: ${denied}`
  return detail === 'overage' ? 'borrowed as overage' : (eventWords[event] ?? event)
}

const kindOf = ({ event, detail }: Entry) =>
  event in denialWords ? 'bad' : detail === 'overage' ? 'overage' : 'plain'

function entryRow(entry: Entry): Row<Entry> {
  const element = h(
    'tr',
    {},
    h('td', { 'data-label': 'When' }, h('time', { datetime: entry.at }, timeWithSeconds(entry.at))),
    h('td', { 'data-label': 'What' }, h('span', { class: `event event-${kindOf(entry)}` }, wordsFor(entry))),
    h('td', { 'data-label': 'Tool' }, entry.tool),
    h('td', { class: 'name', 'data-label': 'User' }, entry.user),
  )
  return { element, update() {} }
}

/** What happened lately, and why borrows were refused. */
export function showActivity(): (frame: ActivityFrame) => void {
  const counts = Object.entries(denialWords).map(([reason, words]) => {
    const count = h('dd', {}, '0')
    byId('denials').append(h('dt', {}, words), count)
    return { reason: reason as DenialReason, count }
  })
  const rows = keyedList(
    byId('recent'),
    ({ at, event, tool, user }: Entry) => `${at} ${event} ${tool} ${user}`,
    entryRow,
  )
  return frame => {
    for (const { reason, count } of counts) setText(count, String(frame.denials[reason]))
    rows(frame.recent.slice(0, 12))
    byId('recent-table').hidden = frame.recent.length === 0
    byId('recent-note').hidden = frame.recent.length > 0
  }
}
