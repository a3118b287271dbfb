import type { ActivityFrame, PoolStatus, PoolsFrame } from '../../licensing/api.ts'
import { byId, h, setText } from '../dom.ts'
import { money, plural } from '../format.ts'
import { keyedList, type Row } from '../keyed-list.ts'
import { keeper } from './kept.ts'
import type { LivePart } from './live-parts.ts'
import { paceOf } from './pace.ts'
import { plot } from './plot.ts'

function poolRow(first: PoolStatus): Row<PoolStatus> {
  const commit = h('span', { class: 'bar-commit' })
  const overage = h('span', { class: 'bar-overage' })
  const words = h('span', { class: 'live-count' })
  const element = h(
    'li',
    {},
    h('strong', {}, first.tool),
    words,
    h('span', { class: 'bar', 'aria-hidden': 'true' }, commit, overage),
  )
  return {
    element,
    update({ borrowed, overage: above, cap }) {
      const percent = (seats: number) => `${cap === 0 ? 0 : (100 * seats) / cap}%`
      commit.style.inlineSize = percent(borrowed - above)
      overage.style.inlineSize = percent(above)
      setText(words, above > 0 ? `${borrowed} of ${cap}, ${above} above the commit` : `${borrowed} of ${cap}`)
    },
  }
}

function words({ open_borrows }: PoolsFrame): string {
  if (open_borrows === 0) return 'Nobody holds a seat. Borrow one and watch this slide.'
  return `${plural(open_borrows, 'seat')} held.`
}

/** Pools, borrows a second, and what the overage costs. */
export function licensePart(): LivePart {
  const rows = keyedList(byId('live-pools'), (pool: PoolStatus) => pool.tool, poolRow)
  const draw = plot(byId('license-plot'), {
    kind: 'bars',
    none: 'no borrow in five minutes',
    unit: 'a second',
    from: '5 min ago',
    to: 'now',
    height: 200,
    least: 1,
  })
  const keep = keeper<ActivityFrame>('activity', ({ series }) => series.some(({ borrows }) => borrows > 0))
  return {
    takes: {
      pools(frame) {
        rows(frame.pools)
        const cost = frame.pools.reduce((sum, pool) => sum + pool.current_overage_cost, 0)
        setText(byId('cost'), money(cost, frame.pools[0]?.currency))
        setText(byId('live-words'), words(frame))
      },
      activity(frame) {
        const { shown } = keep(frame)
        draw((shown ?? frame).series.map(({ borrows }) => borrows))
        const { count, span } = paceOf(frame)
        setText(byId('borrow-rate'), count)
        setText(byId('borrow-rate-words'), `${count === '1' ? 'borrow' : 'borrows'} ${span}`)
      },
    },
  }
}
