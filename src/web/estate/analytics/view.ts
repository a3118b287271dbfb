import { byId, h, setText } from '../../dom.ts'
import { serverNow } from '../../server-clock.ts'
import { type Range, ranges } from '../address.ts'
import { anomalyList, doubtOf } from '../anomalies.ts'
import { bars } from '../bars.ts'
import { trendChart } from '../charts/trend.ts'
import { successLevel } from '../levels.ts'
import { panel } from '../panel.ts'
import { ask } from '../requests.ts'
import { scoreRing } from '../score.ts'
import { spanOf, timesOf, valuesAt } from '../series.ts'
import type { ViewPart } from '../view.ts'
import { counted, percent, short, whole } from '../words.ts'
import { showBreak } from './break.ts'
import { showDetectors } from './detectors.ts'
import { showFaults } from './faults.ts'
import { showForecast } from './forecast.ts'
import { showRegions } from './regions.ts'

const ENDED_MOST = 50

/** What is made of it all. */
export function analyticsView(): ViewPart {
  const score = scoreRing(byId('analytics-score'))
  const open = anomalyList(byId('anomalies'), 'Nothing is out of order.')
  const forecast = showForecast()
  const detectors = showDetectors()
  const regions = showRegions()
  const faults = showFaults()
  showBreak(faults)

  const draw = trendChart(byId('score-trend'), {
    write: value => (value === null ? '–' : String(Math.round(value))),
    none: 'Nothing is known of this time.',
    most: 100,
    isTall: true,
  })
  const trend = panel(
    'score-trend',
    async (range: Range) => (await ask('/api/analytics/trend', { hours: ranges[range] })).data,
    (points, range) => {
      const times = timesOf(points)
      draw({
        ...spanOf(ranges[range], serverNow()),
        times,
        lines: [{ name: 'Score', colour: 1, values: valuesAt(times, points, point => point.score) }],
      })
    },
  )

  const summary = h('summary', {}, 'Ended anomalies')
  const details = h('details', {}, summary)
  const endedList = anomalyList(details, 'None ended in this time.')
  byId('anomalies-ended').append(details)
  const ended = panel(
    'anomalies-ended',
    async (hours: number) => (await ask('/api/analytics/anomalies', { hours, limit: ENDED_MOST })).data,
    found => {
      const past = found.filter(({ ended_at }) => ended_at !== null)
      setText(summary, past.length === 0 ? 'Ended anomalies: none' : `Ended anomalies: ${past.length}`)
      endedList(past)
    },
  )

  const errorBars = bars(byId('errors'), 'No request has failed.')
  const errors = panel(
    'errors',
    async (hours: number) => (await ask('/api/services/top-errors', { hours, limit: 8 })).data,
    found => {
      const most = Math.max(1, ...found.map(({ error_rate }) => error_rate ?? 0))
      errorBars(
        found.map(({ service_name, error_rate, failed_requests, total_requests }) => ({
          name: service_name,
          note: `${short(failed_requests)} of ${short(total_requests)}`,
          words: percent(error_rate),
          share: error_rate === null ? null : error_rate / most,
          level: successLevel(error_rate === null ? null : 100 - error_rate),
        })),
      )
    },
  )

  return {
    refresh(range) {
      void trend(range)
      for (const refresh of [ended, errors]) void refresh(ranges[range])
      detectors(ranges[range])
      forecast()
      faults()
      regions()
    },
    frame(frame) {
      const { anomalies, anomalies_open } = frame
      score(frame)
      open(anomalies, doubtOf(frame))
      const more = anomalies_open - anomalies.length
      setText(
        byId('anomalies-note'),
        anomalies_open === 0
          ? 'live'
          : `${whole(anomalies_open)} open, live${more > 0 ? `; ${whole(more)} more are not listed` : ''}`,
      )
      setText(
        byId('anomalies-said'),
        anomalies_open === 0
          ? 'No anomaly is open'
          : counted(anomalies_open, 'open anomaly', 'open anomalies'),
      )
    },
  }
}
