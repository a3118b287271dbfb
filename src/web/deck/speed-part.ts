import type { DeliveryFrame, IncidentShape } from '../../delivery/api.ts'
import type { RaceShape } from '../../race/api.ts'
import { call } from '../api.ts'
import { byId, h, setAttribute, setText } from '../dom.ts'
import { rate } from '../format.ts'
import { laneTime, percentOf } from '../race/words.ts'
import type { LivePart } from './live-parts.ts'

/** Below ten seconds with tenths: a detection is often faster than a second. */
function between(from: string, to: string): string {
  const ms = Math.max(0, Date.parse(to) - Date.parse(from))
  return ms < 10_000 ? `${rate(Math.round(ms / 100) / 10)} s` : laneTime(ms)
}

function list(id: string, titles: string[]) {
  const values = titles.map(title => {
    const value = h('dd')
    byId(id).append(h('div', {}, h('dt', {}, title), value))
    return value
  })
  return (texts: (string | (string | Node)[])[]) => {
    for (const [index, text] of texts.entries()) {
      const value = values[index]
      if (!value) continue
      if (typeof text === 'string') setText(value, text)
      else value.replaceChildren(...text)
    }
  }
}

/** The newest incident and DORA's five, of this server's own rows; with none of them, the recording. */
export function speedPart(): LivePart {
  const numbers = list('speed-numbers', ['to detect', 'to recover', 'failure localised to'])
  const kpis = list('speed-kpis', [
    'deployments a day',
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
    const state = newest.resolved_at ? 'is over' : 'is still open'
    const about = burn.find(({ objective }) => objective === newest.subject)?.title ?? newest.subject
    setText(byId('speed-words'), `Incident ${newest.id} about ${about.toLowerCase()} ${state}.${rolled}`)
  }

  function replay(race: RaceShape) {
    const row = (measure: string) => race.table.find(one => one.measure === measure)?.cloud ?? null
    const time = (value: number | null) => (value === null ? '–' : laneTime(value))
    setAttribute(chip, 'data-live', null)
    setAttribute(chip, 'data-state', null)
    setText(chip, 'Replay')
    numbers([
      time(row('detect')),
      time(row('recover')),
      [race.release.version, h('small', {}, race.release.commit.slice(0, 12))],
    ])
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
        const time = (seconds: number | null) => (seconds === null ? 'no data' : laneTime(seconds * 1000))
        const share = (value: number | null) => (value === null ? 'no data' : percentOf(value))
        kpis([
          rate(own.deployments_per_day),
          time(own.lead_time_seconds),
          share(own.change_failure_rate),
          time(own.failed_deployment_recovery_seconds),
          share(own.rework_rate),
        ])
      },
    },
  }
}
