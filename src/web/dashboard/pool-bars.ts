import type { PoolStatus } from '../../licensing/api.ts'
import { byId, h, setText } from '../dom.ts'
import { money } from '../format.ts'
import { keyedList, type Row } from '../keyed-list.ts'

const percent = (part: number, whole: number) => (whole === 0 ? 0 : (100 * part) / whole)

function poolBar(first: PoolStatus): Row<PoolStatus> {
  const commit = h('span', { class: 'bar-commit' })
  const overage = h('span', { class: 'bar-overage' })
  const words = h('p', { class: 'quiet' })
  const share = h('strong', { class: 'pool-share' })
  const element = h(
    'li',
    {},
    h('div', { class: 'pool-head' }, h('h3', {}, first.tool), share),
    h('div', { class: 'bar', 'aria-hidden': 'true' }, commit, overage),
    words,
  )
  return {
    element,
    update({ borrowed, cap, commit: prepaid, overage: above, free }) {
      commit.style.inlineSize = `${percent(borrowed - above, cap)}%`
      overage.style.inlineSize = `${percent(above, cap)}%`
      setText(share, cap === 0 ? 'closed' : `${Math.round(percent(borrowed, cap))} %`)
      setText(
        words,
        `${borrowed} of ${cap} held: ${borrowed - above} of ${prepaid} prepaid, ${above} overage, ${free} free`,
      )
    },
  }
}

/** How full each pool is, and what each has cost. */
export function showPools(): (pools: PoolStatus[]) => void {
  const bars = keyedList(byId('pools'), (pool: PoolStatus) => pool.tool, poolBar)
  return pools => {
    bars(pools)
    const sum = pools.reduce((total, pool) => total + pool.total_cost, 0)
    const rows = [...pools.map(pool => [pool.tool, pool.total_cost] as const), ['Sum', sum] as const]
    const text = rows.map(([name, amount]) => `${name} ${amount}`).join()
    const costs = byId('costs')
    if (costs.dataset.text === text) return
    costs.dataset.text = text
    costs.replaceChildren(
      ...rows.flatMap(([name, amount]) => [
        h('dt', {}, name),
        h('dd', {}, money(amount, pools[0]?.currency)),
      ]),
    )
  }
}
