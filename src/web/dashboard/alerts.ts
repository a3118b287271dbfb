import type { AlertsFrame, Severity } from '../../delivery/api.ts'
import { byId, h, setText } from '../dom.ts'
import { plural } from '../format.ts'
import { keyedList } from '../keyed-list.ts'
import { type AlertRow, alertRow } from './alerts-row.ts'

type Alert = AlertsFrame['firing'][number]

const TICK_MS = 1000

/** The most urgent first; of one kind the newest first, as they come. */
const urgency: Record<Severity, number> = { page: 0, ticket: 1, warning: 2, other: 3 }

/** One firing of one alert: when it fires again it is news again. */
const keyOf = ({ fingerprint, starts_at }: Alert) => `${fingerprint} ${starts_at}`

/** What fires now, and which faults are switched on; what is new is said once. */
export function showAlerts(): (frame: AlertsFrame) => void {
  const section = byId('alerts')
  const note = byId('alerts-note')
  const said = byId('alerts-said')
  const strip = byId('faults')
  const faultNames = h('span')
  strip.prepend(h('strong', {}, 'Faults switched on: ', faultNames, '.'), ' ')
  const rows = new Set<AlertRow>()
  const list = keyedList<Alert>(byId('alert-list'), keyOf, alert => {
    const row = alertRow(alert)
    rows.add(row)
    return row
  })
  setInterval(() => {
    for (const row of rows) row.element.isConnected ? row.tick() : rows.delete(row)
  }, TICK_MS)

  let before: Map<string, Alert> | null = null
  /** Nothing is news in the first frame: it is read with the page. */
  function say(firing: Alert[]) {
    const now = new Map(firing.map(alert => [keyOf(alert), alert]))
    const known = before ?? now
    before = now
    const begun = firing.filter(alert => !known.has(keyOf(alert)))
    const ended = Array.from(known.values()).filter(alert => !now.has(keyOf(alert)))
    const news = [
      ...begun.map(({ name, severity, summary }) => `New alert, ${severity}: ${name}. ${summary}`),
      ...ended.map(({ name }) => `${name} has ended.`),
    ]
    if (news.length > 0) setText(said, news.join(' '))
  }

  return ({ firing, faults }) => {
    const sorted = Array.from(firing).sort((a, b) => urgency[a.severity] - urgency[b.severity])
    list(sorted)
    section.dataset.state = firing.length > 0 ? 'firing' : 'quiet'
    setText(note, firing.length > 0 ? plural(firing.length, 'alert fires', 'alerts fire') : 'No alert fires')
    strip.hidden = faults.length === 0
    setText(faultNames, faults.join(', '))
    say(sorted)
  }
}
