import type { DeliveryFrame, IncidentShape } from '../../delivery/api.ts'
import type { RaceShape } from '../../race/api.ts'
import { call } from '../api.ts'
import { byId, h, setAttribute, setText } from '../dom.ts'
import { frequencyWords, percentOf, rate, shortDuration, times } from '../format.ts'
import { laneTime } from '../race/words.ts'
import type { LivePart } from './live-parts.ts'

/** Below ten seconds with tenths: a detection is often faster than a second. */
function between(from: string, to: string): string {
  const ms = Math.max(0, Date.parse(to) - Date.parse(from))
  return ms < 10_000 ? `${rate(Math.round(ms / 100) / 10)} s` : laneTime(ms)
}

type Text = string | (string | Node)[]

/** @returns draws the values; a title may change with what its value means */
function list(id: string, titles: string[]) {
  const entries = titles.map(title => {
    const entry = { title: h('dt', {}, title), value: h('dd') }
    byId(id).append(h('div', {}, entry.title, entry.value))
    return entry
  })
  return (texts: Text[], titled: string[] = titles) => {
    for (const [index, { title, value }] of entries.entries()) {
      const text = texts[index] ?? ''
      setText(title, titled[index] ?? '')
      if (typeof text === 'string') setText(value, text)
      else value.replaceChildren(...text)
    }
  }
}

/** An incident lasts longer than a race's way back: its alert ends when the short window is quiet, not with the last failure. */
const titlesOf = (recovery: string) => ['to detect', recovery, 'failure localised to']
const ofIncident = titlesOf('until the alert is over')
const ofRace = titlesOf('until it works again')

/** The newest incident and DORA's five, of this server's own rows; with none of them, the recording. */
export function speedPart(): LivePart {
  const numbers = list('speed-numbers', ofIncident)
  const kpis = list('speed-kpis', [
    'deployments',
    'lead time, median',
    'change failure rate',
    'failed deployment recovery',
    'rework rate',
  ])
  const chip = byId('speed-chip')
  let showsRecording = false

  function incident(newest: IncidentShape, { deployments, burn, at }: DeliveryFrame) {
    showsRecording = false
    const culprit = deployments.find(({ id }) => id === newest.deployment)
    const recovered = newest.resolved_at
      ? between(newest.started_at, newest.resolved_at)
      : `${between(newest.started_at, at)}…`
    numbers([
      between(newest.started_at, newest.detected_at),
      recovered,
      culprit ? [culprit.version, h('small', {}, culprit.commit.slice(0, 12))] : 'no one version',
    ])
    const rolled = newest.mitigated_at
      ? ` Way back taken after ${between(newest.started_at, newest.mitigated_at)}.`
      : ''
    const budget = burn.find(({ objective }) => objective === newest.subject)
    const quiet = budget
      ? `: no burn above ${times(budget.factor)} over ${shortDuration(budget.short_seconds)}`
      : ''
    const state = newest.resolved_at ? `is over${quiet}` : 'is still open'
    const about = budget?.title ?? newest.subject
    setText(byId('speed-words'), `Incident ${newest.id} about ${about.toLowerCase()} ${state}.${rolled}`)
  }

  function replay(race: RaceShape) {
    const row = (measure: string) => race.table.find(one => one.measure === measure)?.cloud ?? null
    const time = (value: number | null) => (value === null ? '–' : laneTime(value))
    setAttribute(chip, 'data-live', null)
    setAttribute(chip, 'data-state', null)
    setText(chip, 'Replay')
    const release = [race.release.version, h('small', {}, race.release.commit.slice(0, 12))]
    numbers([time(row('detect')), time(row('recover')), release], ofRace)
    setText(byId('speed-words'), 'No incident here yet. These numbers are of the recorded race.')
  }

  function noIncident() {
    if (showsRecording) return
    showsRecording = true
    numbers(['–', '–', '–'])
    setText(byId('speed-words'), 'No incident here yet, and no recording. Ship a bad release and look again.')
    call<RaceShape>('/races/recorded').then(
      ({ data }) => showsRecording && replay(data),
      () => {},
    )
  }

  return {
    takes: {
      delivery(frame) {
        const newest = frame.incidents[0]
        if (newest && showsRecording) setAttribute(chip, 'data-live', '')
        if (newest) incident(newest, frame)
        else noIncident()
        const { kpis: own } = frame
        const time = (seconds: number | null) => (seconds === null ? 'no data' : shortDuration(seconds))
        kpis([
          frequencyWords(own.deployments_per_day),
          time(own.lead_time_seconds),
          percentOf(own.change_failure_rate),
          time(own.failed_deployment_recovery_seconds),
          percentOf(own.rework_rate),
        ])
      },
    },
  }
}
