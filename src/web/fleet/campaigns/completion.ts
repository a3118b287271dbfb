import type { CampaignShape } from '../../../fleet/campaigns/api.ts'
import { h, svg } from '../../dom.ts'
import { duration, timeOfDay } from '../../format.ts'
import { vehiclesWords } from '../words.ts'

type Point = CampaignShape['completion'][number]

const WIDTH = 600
const HEIGHT = 120

/** The path of one count over the time of the points, as steps: between two points nothing was settled. */
export function stepPath(points: Point[], count: (point: Point) => number, most: number): string {
  const times = points.map(({ at }) => Date.parse(at))
  const [start = 0] = times
  const span = Math.max(1, (times.at(-1) ?? start) - start)
  return points
    .map((point, index) => {
      const x = ((((times[index] ?? start) - start) / span) * WIDTH).toFixed(1)
      const y = (HEIGHT - (count(point) / Math.max(1, most)) * HEIGHT).toFixed(1)
      return index === 0 ? `M${x} ${y}` : `H${x}V${y}`
    })
    .join('')
}

const line = (style: string, d: string) =>
  svg('path', { class: `line ${style}`, d, 'vector-effect': 'non-scaling-stroke' })
const key = (style: string, words: string) =>
  h(
    'li',
    {},
    svg('svg', { class: 'legend-line', viewBox: '0 0 28 10', 'aria-hidden': 'true' }, line(style, 'M0 5H28')),
    words,
  )

/** How many vehicles were settled, and how many of them succeeded, over time. */
export function completionCurve({ completion, planned }: CampaignShape): HTMLElement | null {
  const [first, last] = [completion[0], completion.at(-1)]
  if (!first || !last || completion.length < 2) return null
  const seconds = (Date.parse(last.at) - Date.parse(first.at)) / 1000
  return h(
    'figure',
    { class: 'completion' },
    h('h4', {}, 'Completion'),
    h('p', { class: 'chart-scale' }, vehiclesWords(planned)),
    svg(
      'svg',
      {
        class: 'chart',
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        preserveAspectRatio: 'none',
        'aria-hidden': 'true',
      },
      ...[0, 0.5, 1].map(share =>
        svg('line', { class: 'chart-grid', x1: 0, x2: WIDTH, y1: share * HEIGHT, y2: share * HEIGHT }),
      ),
      line(
        'line-accent',
        stepPath(completion, ({ settled }) => settled, planned),
      ),
      line(
        'line-good',
        stepPath(completion, ({ succeeded }) => succeeded, planned),
      ),
    ),
    h('p', { class: 'chart-times' }, h('span', {}, timeOfDay(first.at)), h('span', {}, timeOfDay(last.at))),
    h('ul', { class: 'legend' }, key('line-accent', 'Settled'), key('line-good', 'Succeeded')),
    h(
      'figcaption',
      { class: 'visually-hidden' },
      `After ${duration(seconds)}, ${last.settled} of ${planned} vehicles are settled, ${last.succeeded} succeeded.`,
    ),
  )
}
