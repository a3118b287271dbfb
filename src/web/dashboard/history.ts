import type { HistoryReply } from '../../licensing/api.ts'
import { call } from '../api.ts'
import { byId, h, svg } from '../dom.ts'
import { timeOfDay } from '../format.ts'

const HEIGHT = 60
const BAR = 10

const load = (tool: string) => call<HistoryReply>(`/licenses/${encodeURIComponent(tool)}/history`)

/** One pool's last day: a bar an hour, its peak marked; hours without a record stay empty. */
function draw({ tool, buckets }: HistoryReply): HTMLElement {
  const known = buckets.filter(({ utilisation }) => utilisation !== null)
  const peak = Math.max(...known.map(({ peak_borrowed }) => peak_borrowed ?? 0), 0)
  const bars = buckets.flatMap(({ utilisation, mean_borrowed, peak_borrowed }, index) => {
    if (utilisation === null) return []
    const height = Math.max(1, utilisation * HEIGHT)
    const cap = mean_borrowed && utilisation ? mean_borrowed / utilisation : 0
    const top = cap > 0 ? Math.min(1, (peak_borrowed ?? 0) / cap) * HEIGHT : 0
    const x = index * BAR
    return [
      svg('rect', { class: 'history-bar', x: x + 1, y: HEIGHT - height, width: BAR - 2, height }),
      svg('rect', {
        class: 'history-peak',
        x: x + 1,
        y: HEIGHT - top - 1,
        width: BAR - 2,
        height: top > 0 ? 2 : 0,
      }),
    ]
  })
  const borrows = buckets.reduce((sum, bucket) => sum + bucket.borrows, 0)
  const first = known[0]
  const words = first
    ? `${borrows} borrows, at most ${peak} seats at once, on record since ${timeOfDay(first.from)}`
    : 'No record yet'
  return h(
    'figure',
    {},
    h('h3', {}, tool),
    svg(
      'svg',
      {
        class: 'history',
        viewBox: `0 0 ${buckets.length * BAR} ${HEIGHT}`,
        preserveAspectRatio: 'none',
        'aria-hidden': 'true',
      },
      ...bars,
    ),
    h('figcaption', { class: 'quiet' }, words),
  )
}

/** Draws the last day of each pool. @param tools in the order to show them */
export async function showHistory(tools: string[]): Promise<void> {
  const answers = await Promise.all(tools.map(load))
  byId('history').replaceChildren(...answers.map(({ data }) => draw(data)))
}
