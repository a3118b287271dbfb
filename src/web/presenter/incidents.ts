import type { DeliveryFrame, IncidentShape } from '../../delivery/api.ts'
import { onPress } from '../busy.ts'
import { byId, h, setAttribute, setText } from '../dom.ts'
import { duration, timeWithSeconds } from '../format.ts'
import { keyedList, type Row } from '../keyed-list.ts'
import { outcome } from '../outcome.ts'
import { attempt } from './attempt.ts'
import * as server from './requests.ts'

const stages = [
  ['started_at', 'Impact'],
  ['detected_at', 'Detected'],
  ['acknowledged_at', 'Acknowledged'],
  ['mitigated_at', 'Mitigated'],
  ['resolved_at', 'Resolved'],
] as const

const openers: Record<IncidentShape['opened_by'], string> = {
  burn: 'opened by the burn rate',
  alertmanager: 'opened by Alertmanager',
}

/** `+12 s` after the impact; a clock that ran back a little counts as at once. */
function since(incident: IncidentShape, at: string): string {
  const seconds = (Date.parse(at) - Date.parse(incident.started_at)) / 1000
  return `+${seconds < 10 ? `${Math.max(0, seconds).toFixed(1)} s` : duration(seconds)}`
}

function incidentRow(): Row<IncidentShape> {
  const title = h('h3', {})
  const words = h('p', { class: 'quiet' })
  const state = h('span', { class: 'badge' })
  const times = stages.map(([, label]) => {
    const when = h('span', { class: 'stage-when' })
    return { when, element: h('li', {}, h('span', { class: 'stage-name' }, label), when) }
  })
  const button = h('button', { type: 'button', class: 'primary' }, 'Acknowledge')
  const said = outcome()
  let id = 0
  onPress(button, async () => {
    await attempt(said, 'Not acknowledged.', () => server.acknowledge(id))
  })
  return {
    element: h(
      'li',
      { class: 'incident' },
      h('div', { class: 'incident-head' }, title, state),
      words,
      h('ol', { class: 'stages' }, ...times.map(({ element }) => element)),
      button,
      said.element,
    ),
    update(incident) {
      id = incident.id
      const open = incident.resolved_at === null
      setText(title, `#${incident.id} ${incident.subject}`)
      setText(state, open ? 'open' : 'resolved')
      setAttribute(state, 'data-tone', open ? 'bad' : 'good')
      setText(words, `Since ${timeWithSeconds(incident.started_at)}, ${openers[incident.opened_by]}`)
      stages.forEach(([field], place) => {
        const { when, element } = times[place] as (typeof times)[number]
        const at = incident[field]
        setText(when, at === null ? '–' : field === 'started_at' ? timeWithSeconds(at) : since(incident, at))
        setAttribute(element, 'data-reached', at === null ? null : 'yes')
      })
      const hadFocus = document.activeElement === button
      button.hidden = !open || incident.acknowledged_at !== null
      setAttribute(button, 'aria-label', `Acknowledge incident ${incident.id}`)
      if (hadFocus && button.hidden) byId('incidents-title').focus()
    },
  }
}

/** Incidents, those that are open on top, each with its way. @returns takes the frame of the delivery */
export function showIncidents(): (frame: DeliveryFrame) => void {
  const list = keyedList(byId('incidents'), ({ id }: IncidentShape) => String(id), incidentRow)
  let open = new Set<number>()
  return ({ incidents }) => {
    const isOpen = (incident: IncidentShape) => incident.resolved_at === null
    const sorted = [...incidents].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.id - a.id)
    list(sorted)
    const now = new Set(sorted.filter(isOpen).map(({ id }) => id))
    const fresh = sorted.find(({ id }) => now.has(id) && !open.has(id))
    if (fresh) setText(byId('incidents-said'), `Incident ${fresh.id} is open: ${fresh.subject}.`)
    else if (open.size > 0 && now.size === 0) setText(byId('incidents-said'), 'No incident is open any more.')
    open = now
    setAttribute(byId('incidents-card'), 'data-open', now.size > 0 ? 'yes' : 'no')
    setText(byId('incidents-note'), now.size === 0 ? 'No incident is open' : `${now.size} open`)
  }
}
