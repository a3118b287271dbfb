import type { ChargesReply, PoolStatus } from '../../licensing/api.ts'
import { charges } from '../api.ts'
import { byId, h, setText } from '../dom.ts'
import { money, timeOfDay } from '../format.ts'
import { keyedList, type Row } from '../keyed-list.ts'
import { jittered } from '../random.ts'

type Charge = ChargesReply['charges'][number]

const MOST_CHARGES = 20
const REFRESH_MS = 800

function costRow(first: PoolStatus): Row<PoolStatus> {
  const cells = {
    commit: h('td', { class: 'number' }),
    overage: h('td', { class: 'number' }),
    total: h('td', { class: 'number' }),
  }
  return {
    element: h('tr', {}, h('th', { scope: 'row' }, first.tool), cells.commit, cells.overage, cells.total),
    update(pool) {
      setText(cells.commit, money(pool.commit_price, pool.currency))
      setText(cells.overage, money(pool.current_overage_cost, pool.currency))
      setText(cells.total, money(pool.total_cost, pool.currency))
    },
  }
}

function chargeRow(charge: Charge, currency: string): Row<Charge> {
  const element = h(
    'tr',
    {},
    h('td', {}, h('time', { datetime: charge.charged_at }, timeOfDay(charge.charged_at))),
    h('td', {}, charge.tool),
    h('td', { class: 'name' }, h('bdi', { class: 'clamped', title: charge.user }, charge.user)),
    h('td', { class: 'number' }, money(charge.amount, currency)),
  )
  return { element, update() {} }
}

/** What each tool costs, live, and the single overage charges behind it, fetched only while they are open. */
export function costs(): (pools: PoolStatus[]) => void {
  let currency = 'USD'
  let overage = -1
  let timer = 0
  const box = byId<HTMLDetailsElement>('charges')
  const show = keyedList(byId('cost-rows'), (pool: PoolStatus) => pool.tool, costRow)
  const showCharges = keyedList(
    byId('charge-rows'),
    (c: Charge) => c.id,
    c => chargeRow(c, currency),
  )

  async function load() {
    try {
      const { data } = await charges(MOST_CHARGES)
      showCharges(data.charges)
      byId('charge-table').hidden = data.charges.length === 0
      const count = data.charges.length
      setText(byId('charge-note'), count ? `The newest ${count}.` : 'No overage has been charged yet.')
    } catch {
      setText(byId('charge-note'), 'The charges could not be loaded. Close and open this list to try again.')
    }
  }
  box.addEventListener('toggle', () => box.open && void load())

  return pools => {
    currency = pools[0]?.currency ?? currency
    show(pools)
    const sum = (amount: (pool: PoolStatus) => number) =>
      pools.reduce((total, pool) => total + amount(pool), 0)
    const nowOverage = sum(pool => pool.current_overage_cost)
    setText(
      byId('sum-commit'),
      money(
        sum(pool => pool.commit_price),
        currency,
      ),
    )
    setText(byId('sum-overage'), money(nowOverage, currency))
    setText(
      byId('sum-total'),
      money(
        sum(pool => pool.total_cost),
        currency,
      ),
    )
    if (nowOverage !== overage && box.open) {
      clearTimeout(timer)
      timer = window.setTimeout(load, jittered(REFRESH_MS))
    }
    overage = nowOverage
  }
}
