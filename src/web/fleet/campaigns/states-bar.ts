import type { CampaignShape } from '../../../fleet/campaigns/api.ts'
import { h } from '../../dom.ts'
import { reasonOf, updateStateWords, vehiclesWords, whole } from '../words.ts'
import { groups, statesOf } from './groups.ts'

/** How many vehicles are in which state of their update: a bar, and what its parts are. */
export function statesBar({ by_state }: CampaignShape): HTMLElement {
  const states = statesOf(by_state)
  const total = states.reduce((sum, { count }) => sum + count, 0)
  if (total === 0) return h('p', { class: 'quiet' }, 'Its vehicles are chosen when it starts.')
  const bar = groups.map(group => {
    const count = states.filter(state => state.group === group).reduce((sum, state) => sum + state.count, 0)
    const element = h('span', { class: `part part-${group}` })
    element.style.inlineSize = `${(100 * count) / total}%`
    return element
  })
  return h(
    'div',
    {},
    h('div', { class: 'parts', 'aria-hidden': 'true' }, ...bar),
    h(
      'ul',
      { class: 'legend' },
      ...states.map(({ state, group, count }) =>
        h(
          'li',
          {},
          h('span', { class: `swatch part-${group}`, 'aria-hidden': 'true' }),
          `${updateStateWords[state]} `,
          h('strong', {}, whole(count)),
        ),
      ),
    ),
  )
}

/** Why vehicles wait or were left out. Null: none does. */
export function reasonsList(title: string, reasons: CampaignShape['blocked']): HTMLElement | null {
  const entries = Object.entries(reasons).sort(([, a], [, b]) => b - a)
  if (entries.length === 0) return null
  return h(
    'div',
    {},
    h('h4', {}, title),
    h(
      'dl',
      { class: 'pairs' },
      ...entries.flatMap(([reason, count]) => [
        h('dt', {}, reasonOf(reason)),
        h('dd', {}, vehiclesWords(count)),
      ]),
    ),
  )
}
