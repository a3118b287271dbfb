import type { PoolStatus, PoolsFrame } from '../../licensing/api.ts'
import { byId, h, setText } from '../dom.ts'
import { money, plural } from '../format.ts'
import { keyedList, type Row } from '../keyed-list.ts'
import { openLive } from '../live.ts'

function poolRow(first: PoolStatus): Row<PoolStatus> {
  const commit = h('span', { class: 'bar-commit' })
  const overage = h('span', { class: 'bar-overage' })
  const words = h('span', { class: 'live-count' })
  const element = h(
    'li',
    {},
    h('strong', {}, first.tool),
    h('span', { class: 'bar', 'aria-hidden': 'true' }, commit, overage),
    words,
  )
  return {
    element,
    update({ borrowed, overage: above, cap }) {
      const percent = (seats: number) => `${cap === 0 ? 0 : (100 * seats) / cap}%`
      commit.style.inlineSize = percent(borrowed - above)
      overage.style.inlineSize = percent(above)
      setText(words, `${borrowed} of ${cap}`)
    },
  }
}

function words({ open_borrows, pools }: PoolsFrame): string {
  if (open_borrows === 0) return 'Nobody holds a seat. Borrow one and watch this slide.'
  const cost = pools.reduce((sum, pool) => sum + pool.current_overage_cost, 0)
  return `${plural(open_borrows, 'seat')} held, ${money(cost, pools[0]?.currency)} of overage so far.`
}

/** The slide with live pools: it listens from when it is shown until it is left. @returns told which slide is shown */
export function liveSlide(): (shown: Element) => void {
  const rows = keyedList(byId('live-pools'), (pool: PoolStatus) => pool.tool, poolRow)
  let stop: (() => void) | null = null
  return shown => {
    const isShown = shown.id === 'live'
    if (isShown && !stop)
      stop = openLive({
        pools(frame) {
          rows(frame.pools)
          setText(byId('live-words'), words(frame))
        },
        state(state) {
          if (state === 'reconnecting') setText(byId('live-words'), 'The server does not answer just now.')
        },
      })
    if (!isShown && stop) {
      stop()
      stop = null
    }
  }
}
