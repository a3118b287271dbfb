import type { EstateFrame } from '../../estate/api/pipeline.ts'
import { h, setAttribute, setText } from '../dom.ts'
import { keyedList, type Row } from '../keyed-list.ts'
import { serverNow } from '../server-clock.ts'
import type { Anomaly } from './requests.ts'
import { ago, clockWords, counted, nameWords } from './words.ts'

const metricWords: Record<string, string> = {
  cpu: 'CPU',
  errors: 'Errors',
  latency: 'Response time',
  silence: 'Silent for',
}

export const detectorWords: Record<string, string> = {
  threshold: 'over its threshold',
  hour_of_week: 'unlike this hour of other weeks',
  ewma: 'drifting away',
  peers: 'unlike its peers',
  heartbeat: 'heartbeats are missing',
  restarts: 'restarts were counted',
}

function unitOf(metric: string): string {
  if (/(_percent|_utilization|^cpu|^memory|^disk|^errors)$/.test(metric)) return ' %'
  if (/(_ms|^latency)$/.test(metric)) return ' ms'
  return metric === 'silence' ? ' s' : ''
}

/** `Error rate 14.2 %, expected 0.8 %`. */
export function valueWords({
  metric_name: metric,
  value,
  expected,
}: Pick<Anomaly, 'metric_name' | 'value' | 'expected'>): string {
  const write = (number: number) =>
    `${number.toLocaleString('en', { maximumFractionDigits: 2 })}${unitOf(metric)}`
  const name = metricWords[metric] ?? nameWords(metric.replace(/_(percent|ms)$/, ''))
  return `${name} ${write(value)}${expected === null ? '' : `, expected ${write(expected)}`}`
}

/** Where it shows: `server-0001`, `checkout v2.4.2 and 24 more`. */
export function whereWords({ resource_name, version, resources }: Anomaly): string {
  const name =
    version === null || resource_name.includes(version) ? resource_name : `${resource_name} ${version}`
  return resources > 1 ? `${name}, ${counted(resources, 'resource')}` : name
}

function anomalyRow(): Row<Anomaly> {
  const [type, severity, where] = [
    h('strong'),
    h('span', { class: 'severity' }),
    h('span', { class: 'where' }),
  ]
  const [sentence, value, since, how] = [h('p'), h('span'), h('time'), h('span')]
  const element = h(
    'li',
    { class: 'anomaly' },
    h('p', { class: 'anomaly-head' }, severity, type, where),
    sentence,
    h('p', { class: 'anomaly-foot' }, value, h('span', {}, since), how),
  )
  return {
    element,
    update(anomaly) {
      setAttribute(element, 'data-severity', anomaly.ended_at === null ? anomaly.severity : 'ended')
      setText(severity, anomaly.ended_at === null ? nameWords(anomaly.severity) : 'Ended')
      setText(type, nameWords(anomaly.anomaly_type))
      setText(where, whereWords(anomaly))
      setText(sentence, anomaly.description)
      setText(value, valueWords(anomaly))
      setAttribute(since, 'datetime', anomaly.since)
      setAttribute(since, 'title', new Date(anomaly.since).toLocaleString())
      setText(
        since,
        anomaly.ended_at === null
          ? `since ${clockWords(anomaly.since, serverNow())}, ${ago(anomaly.since, serverNow())}`
          : `${clockWords(anomaly.since, serverNow())} to ${clockWords(anomaly.ended_at, serverNow())}`,
      )
      setText(how, detectorWords[anomaly.detector] ?? nameWords(anomaly.detector))
    },
  }
}

/** What is said when no anomaly is open; null: nothing speaks against it that all is well. */
export function doubtOf({ data_at: at, stages }: Pick<EstateFrame, 'data_at' | 'stages'>): string | null {
  if (at === null) return 'No sample has arrived yet, so nothing can be said.'
  const analytics = stages.find(({ stage }) => stage === 'analytics')
  return analytics?.state === 'healthy'
    ? null
    : 'None is open, but nobody looks: the analytics stage does not run.'
}

/** Anomalies, one below the other. @returns takes them, and why it would mean nothing that there are none */
export function anomalyList(
  parent: HTMLElement,
  calm: string,
): (items: readonly Anomaly[], doubt?: string | null) => void {
  const none = h('p', { class: 'calm', hidden: true })
  const list = h('ul', { class: 'anomalies' })
  parent.append(none, list)
  const rows = keyedList(list, ({ id }: Anomaly) => String(id), anomalyRow)
  return (items, doubt = null) => {
    none.hidden = items.length > 0
    setText(none, doubt ?? calm)
    setAttribute(none, 'data-doubt', doubt === null ? null : 'yes')
    rows(items)
  }
}
