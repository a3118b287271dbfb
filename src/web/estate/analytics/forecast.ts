import { byId, h, setAttribute, setText } from '../../dom.ts'
import { timeOfDay } from '../../format.ts'
import { bars } from '../bars.ts'
import { trendChart } from '../charts/trend.ts'
import { levelOf, thresholds } from '../levels.ts'
import { panel } from '../panel.ts'
import { ask, type ForecastDetail, type ForecastMetric } from '../requests.ts'
import { type Picture, timesOf, valuesAt } from '../series.ts'
import { daysWords, percent } from '../words.ts'
import { backtestWords, methodWords, metricWords } from './forecast-words.ts'

const LISTED = 8

/** What was measured, then what is expected. */
export function forecastPicture({ measured, forecast }: ForecastMetric): Picture {
  const times = timesOf([...measured, ...forecast])
  const low = valuesAt(times, forecast, point => point.low)
  const high = valuesAt(times, forecast, point => point.high)
  return {
    times,
    from: times[0] ?? 0,
    to: times.at(-1) ?? 1,
    lines: [
      { name: 'Measured', colour: 1, values: valuesAt(times, measured, ({ value }) => value) },
      { name: 'Expected', colour: 2, dashed: true, values: valuesAt(times, forecast, ({ value }) => value) },
      { name: 'Low', colour: 2, values: low },
      { name: 'High', colour: 2, values: high },
    ],
  }
}

/** CPU, memory or disk for the next seven days, with how it was made, and the disks that will be full. @returns asks anew */
export function showForecast(): () => void {
  const words = h('p', {}, h('strong', {}))
  const tested = h('p', { class: 'quiet' })
  const place = h('div', {})
  byId('forecast').append(place, words, tested)
  const draw = trendChart(place, {
    write: percent,
    none: 'There is no forecast: too little is known.',
    most: 100,
    band: { low: 'Low', high: 'High', name: '80 % of outcomes are expected here' },
  })
  const fillingBars = bars(byId('filling'), 'None will be full as things go.')
  let metric: ForecastMetric['metric'] = 'cpu'
  let newest: ForecastDetail | null = null

  const buttons = (['cpu', 'memory', 'disk'] as const).map(name => {
    const button = h('button', { type: 'button', 'aria-pressed': String(name === metric) }, metricWords[name])
    button.addEventListener('click', () => {
      metric = name
      for (const one of buttons) setAttribute(one.button, 'aria-pressed', String(one.name === metric))
      show()
    })
    byId('forecast-choice').append(button)
    return { name, button }
  })

  function show() {
    const chosen = newest?.metrics.find(one => one.metric === metric)
    draw(chosen ? forecastPicture(chosen) : { times: [], lines: [], from: 0, to: 1 })
    if (!newest || !chosen) return words.replaceChildren()
    words.replaceChildren(
      h('strong', {}, `${methodWords(chosen)}.`),
      ` ${chosen.reason} Made ${timeOfDay(newest.made_at)}.`,
    )
    setText(tested, backtestWords(chosen))
  }
  const refresh = panel(
    'forecast',
    async () => (await ask('/estate/forecast')).data,
    detail => {
      newest = detail
      show()
      fillingBars(
        detail.filling_disks.slice(0, LISTED).map(disk => ({
          name: disk.server_id,
          note: disk.region ?? 'no region',
          words: `full in ${daysWords(disk.days_until_full)}`,
          share: disk.disk_utilization === null ? null : disk.disk_utilization / 100,
          level: levelOf(disk.disk_utilization, thresholds.disk),
        })),
      )
    },
  )
  return () => void refresh(undefined)
}
