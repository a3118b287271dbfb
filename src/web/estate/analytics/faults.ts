/** What was broken on purpose lately. */
import { byId, h, setAttribute, setText } from '../../dom.ts'
import { keyedList, type Row } from '../../keyed-list.ts'
import { serverNow } from '../../server-clock.ts'
import { panel } from '../panel.ts'
import { ask, type Fault } from '../requests.ts'
import { ago, nameWords } from '../words.ts'

const LISTED = 5

/** `since 4 min ago`, or when it ended. */
export const faultWords = (
  { started_at, ended_at }: Pick<Fault, 'started_at' | 'ended_at'>,
  nowMs: number,
) =>
  ended_at === null || Date.parse(ended_at) > nowMs
    ? `lasts, began ${ago(started_at, nowMs)}`
    : `ended ${ago(ended_at, nowMs)}`

function faultRow(): Row<Fault> {
  const [what, when] = [h('strong'), h('span', { class: 'quiet' })]
  const element = h('li', {}, what, when)
  return {
    element,
    update(fault) {
      const words = faultWords(fault, serverNow())
      setText(
        what,
        `${nameWords(fault.kind)} on ${fault.resource}${fault.version ? ` ${fault.version}` : ''}`,
      )
      setText(when, words)
      setAttribute(element, 'data-lasts', words.startsWith('lasts') ? 'yes' : null)
    },
  }
}

/** The newest faults. @returns asks anew */
export function showFaults(): () => void {
  const none = h('p', { class: 'quiet', hidden: true }, 'Nothing yet.')
  const list = h('ul', { class: 'faults' })
  byId('faults').append(h('h3', {}, 'Broken on purpose lately'), none, list)
  const rows = keyedList(list, ({ id }: Fault) => id, faultRow)
  const refresh = panel(
    'faults',
    async () => (await ask('/estate/faults', { limit: LISTED })).data,
    found => {
      none.hidden = found.length > 0
      rows(found)
    },
  )
  return () => void refresh(undefined)
}
