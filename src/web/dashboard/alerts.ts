import type { AlertsFrame, Severity, TroubleShape } from '../../delivery/api.ts'
import { byId, h, setText } from '../dom.ts'
import { faultEffects } from '../fault-words.ts'
import { plural } from '../format.ts'
import { keyedList } from '../keyed-list.ts'
import { type AlertRow, alertRow } from './alerts-row.ts'
import { nameOf, troubleRow } from './troubles-row.ts'

type Alert = AlertsFrame['firing'][number]

const TICK_MS = 1000

/** The most urgent first; of one kind the newest first, as they come. */
const urgency: Record<Severity, number> = { page: 0, ticket: 1, warning: 2, other: 3 }

/** One firing of one alert: when it fires again it is news again. */
const keyOf = ({ fingerprint, starts_at }: Alert) => `${fingerprint} ${starts_at}`

/** A trouble stays the same row when its incident opens. */
const troubleKey = ({ subject }: TroubleShape) => subject

/** What the card says in one line. */
export function noteOf({ firing, troubles }: Pick<AlertsFrame, 'firing' | 'troubles'>): string {
  const incidents = troubles.filter(({ incident }) => incident !== null).length
  const burns = troubles.length - incidents
  const parts = [
    ...(firing.length > 0 ? [plural(firing.length, 'alert fires', 'alerts fire')] : []),
    ...(incidents > 0 ? [plural(incidents, 'incident is open', 'incidents are open')] : []),
    ...(burns > 0 ? [plural(burns, 'budget burns', 'budgets burn')] : []),
  ]
  return parts.length > 0 ? parts.join(', ') : 'No alert fires, no incident is open'
}

/** What fires now, what the server sees by itself, and which faults are switched on; what is new is said once. */
export function showAlerts(): (frame: AlertsFrame) => void {
  const section = byId('alerts')
  const note = byId('alerts-note')
  const said = byId('alerts-said')
  const strip = byId('faults')
  const faultNames = h('span')
  const effects = h('span')
  strip.append(h('strong', {}, 'Faults switched on: ', faultNames, '.'), ' Simulated: ', effects, '.')
  const rows = new Set<Pick<AlertRow, 'element' | 'tick'>>()
  const kept = <R extends Pick<AlertRow, 'element' | 'tick'>>(row: R) => {
    rows.add(row)
    return row
  }
  const list = keyedList<Alert>(byId('alert-list'), keyOf, alert => kept(alertRow(alert)))
  const troubleList = keyedList<TroubleShape>(byId('trouble-list'), troubleKey, one => kept(troubleRow(one)))
  setInterval(() => {
    for (const row of rows) row.element.isConnected ? row.tick() : rows.delete(row)
  }, TICK_MS)

  /** What was there before, by its key: how it is announced, and how it ends. */
  let before: Map<string, { begun: string; ended: string }> | null = null
  /** Nothing is news in the first frame: it is read with the page. */
  function say(firing: Alert[], troubles: TroubleShape[]) {
    const now = new Map<string, { begun: string; ended: string }>()
    for (const alert of firing) {
      const { name, severity, summary } = alert
      now.set(keyOf(alert), {
        begun: `New alert, ${severity}: ${name}. ${summary}`,
        ended: `${name} has ended.`,
      })
    }
    for (const trouble of troubles) {
      const name = nameOf(trouble)
      now.set(name, { begun: `${name}.`, ended: `${name}: over, or told by an alert.` })
    }
    const known = before ?? now
    before = now
    const begun = Array.from(now).flatMap(([key, words]) => (known.has(key) ? [] : [words.begun]))
    const ended = Array.from(known).flatMap(([key, words]) => (now.has(key) ? [] : [words.ended]))
    const news = [...begun, ...ended]
    if (news.length > 0) setText(said, news.join(' '))
  }

  return frame => {
    const { firing, troubles, announced, faults } = frame
    const sorted = Array.from(firing).sort((a, b) => urgency[a.severity] - urgency[b.severity])
    list(sorted)
    troubleList(troubles)
    section.dataset.state = firing.length + troubles.length > 0 ? 'firing' : 'quiet'
    setText(note, noteOf(frame))
    byId('alerts-unheard').hidden = announced
    strip.hidden = faults.length === 0
    setText(faultNames, faults.join(', '))
    setText(effects, faultEffects(faults))
    say(sorted, troubles)
  }
}
