import type { FleetFrame } from '../../../fleet/api.ts'
import { byId, h, setAttribute, setText, svg } from '../../dom.ts'
import { timeOfDay } from '../../format.ts'

type Trend = FleetFrame['battery']['trend']

const WIDTH = 600
const HEIGHT = 150
const LOW = 15

const y = (percent: number) => HEIGHT - (percent / 100) * HEIGHT

/** A line through the known points; minutes in which nothing was heard are gaps, a lone point is a dash. */
export function trendPath(trend: Trend): string {
  const step = WIDTH / Math.max(trend.length - 1, 1)
  let pen = 'M'
  return trend
    .map(({ average_percent: value }, index) => {
      if (value === null) {
        pen = 'M'
        return ''
      }
      const point = `${pen}${(index * step).toFixed(1)} ${y(value).toFixed(1)}`
      const alone = pen === 'M' && (trend[index + 1]?.average_percent ?? null) === null
      pen = 'L'
      return alone ? `${point}h3` : point
    })
    .join('')
}

/** The average charge of the fleet's batteries, a point a minute, from 0 to 100 %. */
export function batteryTrend(): (frame: FleetFrame) => void {
  const line = svg('path', { class: 'line line-accent', 'vector-effect': 'non-scaling-stroke' })
  const grid = [0, 25, 50, 75, 100].map(percent =>
    svg('line', { class: 'chart-grid', x1: 0, x2: WIDTH, y1: y(percent), y2: y(percent) }),
  )
  const floor = svg('line', { class: 'chart-floor', x1: 0, x2: WIDTH, y1: y(LOW), y2: y(LOW) })
  const from = h('span')
  const to = h('span')
  const now = h('strong', { class: 'trend-now' }, '–')
  const rest = h('span', { class: 'quiet' })
  const summary = h('figcaption', { class: 'visually-hidden' })
  const none = h('p', { class: 'quiet' }, 'No charge has been reported in the last hour.')
  const chart = h(
    'div',
    {},
    h('p', { class: 'chart-scale' }, h('span', {}, '100 %'), h('span', {}, `dashes: ${LOW} %, low`)),
    svg(
      'svg',
      {
        class: 'chart',
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        preserveAspectRatio: 'none',
        'aria-hidden': 'true',
      },
      ...grid,
      floor,
      line,
    ),
    h('p', { class: 'chart-times' }, from, to),
  )
  byId('battery').append(h('p', { class: 'trend-head' }, now, ' ', rest), none, chart, summary)
  return ({ battery: { average_percent, minimum_percent, low, trend } }) => {
    const known = trend.flatMap(({ average_percent }) => (average_percent === null ? [] : [average_percent]))
    none.hidden = known.length > 0
    chart.hidden = known.length === 0
    setText(now, average_percent === null ? '–' : `${average_percent.toFixed(1)} %`)
    setText(
      rest,
      minimum_percent === null
        ? 'on average'
        : `on average, lowest ${Math.round(minimum_percent)} %, ${low} below ${LOW} %`,
    )
    setAttribute(line, 'd', trendPath(trend))
    const [first, last] = [trend[0], trend.at(-1)]
    if (first && last) {
      setText(from, timeOfDay(first.at))
      setText(to, timeOfDay(last.at))
    }
    setText(
      summary,
      known.length === 0
        ? 'No charge is known.'
        : `Average charge in the last hour: between ${Math.round(Math.min(...known))} and ${Math.round(Math.max(...known))} percent.`,
    )
  }
}
