import type { OpenBorrow } from '../../licensing/api.ts'
import { call, openBorrows } from '../api.ts'
import { onPress } from '../busy.ts'
import { byId, h, setText } from '../dom.ts'
import { timeOfDay } from '../format.ts'
import { keyedList, type Row } from '../keyed-list.ts'

const CONFIRM_MS = 5000

/** Asks once more before it takes a seat away. */
function revokeButton({ id, tool, user }: OpenBorrow, done: () => Promise<void>): HTMLButtonElement {
  const button = h('button', { type: 'button', 'aria-label': `Revoke ${tool} of ${user}` }, 'Revoke')
  let sure = false
  onPress(button, async () => {
    if (!sure) {
      sure = true
      setText(button, 'Really revoke?')
      button.setAttribute('aria-label', `Really revoke ${tool} of ${user}?`)
      setTimeout(() => {
        sure = false
        setText(button, 'Revoke')
        button.setAttribute('aria-label', `Revoke ${tool} of ${user}`)
      }, CONFIRM_MS)
      return
    }
    await call('/licenses/revoke', { method: 'POST', body: { id } })
    await done()
  })
  return button
}

/** Who holds what, for the presenter, with a way to take it back. @returns draws it anew */
export function holders(): () => Promise<void> {
  const rows = keyedList(
    byId('holder-rows'),
    ({ id = '' }: OpenBorrow) => id,
    (borrow): Row<OpenBorrow> => ({
      element: h(
        'tr',
        {},
        h('td', {}, borrow.tool),
        h('td', { class: 'name' }, borrow.user),
        h('td', {}, h('time', { datetime: borrow.borrowed_at }, timeOfDay(borrow.borrowed_at))),
        h('td', { class: 'number' }, revokeButton(borrow, show)),
      ),
      update() {},
    }),
  )
  async function show() {
    const { data } = await openBorrows(null)
    rows(data.filter(({ id }) => id !== undefined))
    byId('holders-table').hidden = data.length === 0
    byId('holders-note').hidden = data.length > 0
  }
  return show
}
