import type { BurnShape, IncidentShape } from '../../delivery/api.ts'
import { byId, h, setAttribute, setText } from '../dom.ts'
import { rate } from '../format.ts'
import { keyedList, type Row } from '../keyed-list.ts'
import { budgetWords, burnWords, learningWords } from './budget-words.ts'
import type { LivePart } from './live-parts.ts'

interface Budget {
  burn: BurnShape
  last: IncidentShape | undefined
}

function budgetRow({ burn: first }: Budget): Row<Budget> {
  const left = h('span', { class: 'budget-left' })
  const fill = h('span', { class: 'budget-fill' })
  const words = h('p', { class: 'budget-burn' })
  const element = h(
    'li',
    {},
    h('strong', {}, `${first.title}, ${rate(first.target * 100)}\u00a0%`),
    left,
    h('span', { class: 'budget-bar', 'aria-hidden': 'true' }, fill),
    words,
  )
  return {
    element,
    update({ burn, last }) {
      const rest = burn.budget_left ?? 1
      setText(left, budgetWords(burn.budget_left))
      // Overspent it is full, in the colour of what is bad: an empty bar looks like nothing.
      fill.style.inlineSize = `${rest < 0 ? 100 : 100 * Math.min(1, rest)}%`
      setAttribute(element, 'data-overspent', rest < 0 ? '' : null)
      setAttribute(element, 'data-paging', burn.paging ? '' : null)
      setText(words, burnWords(burn, last))
    },
  }
}

/** What is left of each error budget, and how fast it burns. */
export function learningPart(): LivePart {
  const rows = keyedList(byId('budgets'), ({ burn }: Budget) => burn.objective, budgetRow)
  return {
    takes: {
      delivery({ burn, incidents, running }) {
        rows(
          burn.map(one => ({ burn: one, last: incidents.find(({ subject }) => subject === one.objective) })),
        )
        setText(byId('budget-words'), learningWords(burn, running.version))
      },
    },
  }
}
