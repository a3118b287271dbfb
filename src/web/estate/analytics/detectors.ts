/** How well the detectors find what was broken on purpose. */
import { byId, h, setText } from '../../dom.ts'
import { panel } from '../panel.ts'
import { ask, type DetectorScore } from '../requests.ts'
import { plainTable } from '../table/plain.ts'
import { counted, nameWords, percent, seconds, whole } from '../words.ts'

type Kind = DetectorScore['by_kind'][number]

const share = (value: number | null) => percent(value === null ? null : value * 100)

/** The figures in sentences. */
export function detectorWords(score: DetectorScore): string {
  if (score.faults === 0)
    return `No fault that could be found was injected, so nothing can be said of what was found. ${counted(score.false_alarms, 'anomaly', 'anomalies')} without a fault.`
  const { median, p90 } = score.delay_seconds
  const late = [
    median === null ? '' : ` Half were found within ${seconds(median)}.`,
    p90 === null ? '' : ` Nine of ten were found within ${seconds(p90)}.`,
  ].join('')
  return `${whole(score.found)} of ${counted(score.faults, 'injected fault')} found (recall ${share(score.recall)}); ${counted(score.false_alarms, 'false alarm')} (precision ${share(score.precision)}).${late}`
}

/** @returns asks anew */
export function showDetectors(): (hours: number) => void {
  const words = h('p', { class: 'detector-words' })
  byId('detectors').append(words)
  const rows = plainTable<Kind>(
    byId('detectors'),
    'Table of faults by kind',
    ({ kind }) => kind,
    [
      { label: 'Fault', sort: 'kind', by: one => one.kind, cell: one => nameWords(one.kind) },
      {
        label: 'Injected',
        sort: 'faults',
        isNumber: true,
        by: one => one.faults,
        cell: one => whole(one.faults),
      },
      { label: 'Found', sort: 'found', isNumber: true, by: one => one.found, cell: one => whole(one.found) },
      {
        label: 'Recall',
        sort: 'recall',
        isNumber: true,
        by: one => one.recall,
        cell: one => share(one.recall),
      },
      {
        label: 'Half found within',
        sort: 'delay',
        isNumber: true,
        by: one => one.median_delay_seconds,
        cell: one => seconds(one.median_delay_seconds),
      },
    ],
    'No fault was injected in this time.',
    'kind',
  )
  const refresh = panel(
    'detectors',
    async (hours: number) => (await ask('/estate/detector-score', { hours })).data,
    score => {
      setText(words, detectorWords(score))
      rows(score.by_kind)
    },
  )
  return hours => void refresh(hours)
}
