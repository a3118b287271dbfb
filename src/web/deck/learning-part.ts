import type { BurnShape } from '../../delivery/api.ts'
import { byId, h, setAttribute, setText } from '../dom.ts'
import { rate } from '../format.ts'
import { keyedList, type Row } from '../keyed-list.ts'
import { laneTime, percentOf } from '../race/words.ts'
import type { LivePart } from './live-parts.ts'

const times = (burn: number | null) => (burn === null ? 'no borrow' : `${rate(burn)} ×`)

function budgetRow(first: BurnShape): Row<BurnShape> {
  const left = h('span', { class: 'budget-left' })
  const fill = h('span', { class: 'budget-fill' })
  const burn = h('p', { class: 'budget-burn' })
  const element = h(
    'li',
    {},
    h('strong', {}, `${first.title}, ${rate(first.target * 100)}\u00a0%`),
    left,
    h('span', { class: 'budget-bar', 'aria-hidden': 'true' }, fill),
    burn,
  )
  return {
    element,
    update({ budget_left: rest, long, short, long_seconds, short_seconds, paging }) {
      setText(left, rest === null ? 'untouched' : rest < 0 ? 'overspent' : `${percentOf(rest)} left`)
      fill.style.inlineSize = `${100 * Math.max(0, Math.min(1, rest ?? 1))}%`
      setAttribute(element, 'data-paging', paging ? '' : null)
      const windows = `${times(long)} over ${laneTime(long_seconds * 1000)}, ${times(short)} over ${laneTime(short_seconds * 1000)}`
      setText(burn, paging ? `Burns too fast: ${windows}` : `Burn: ${windows}`)
    },
  }
}

/** What is left of each error budget, and how fast it burns. */
export function learningPart(): LivePart {
  const rows = keyedList(byId('budgets'), (one: BurnShape) => one.objective, budgetRow)
  return {
    takes: {
      delivery({ burn, running }) {
        rows(burn)
        const paging = burn.filter(one => one.paging)
        const quiet = burn.every(one => one.long === null)
        const words = quiet
          ? 'Nobody has borrowed lately, so nothing burns. Borrow from a phone and look again.'
          : paging.length > 0
            ? `Somebody is called: it burns faster than allowed. ${running.version} runs now.`
            : `${running.version} runs within its budget. 1 × is as fast as allowed.`
        setText(byId('budget-words'), burn.length === 0 ? 'The server has no objective to show.' : words)
      },
    },
  }
}
