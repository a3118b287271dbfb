import type { PoolsFrame, PublicBorrow } from '../../licensing/api.ts'
import { byId, h, setText } from '../dom.ts'
import { plural, timeOfDay } from '../format.ts'
import { keyedList, type Row } from '../keyed-list.ts'

const MOST_SHOWN = 20

function borrowRow(borrow: PublicBorrow): Row<PublicBorrow> {
  const badge = borrow.is_overage
    ? h('span', { class: 'badge badge-overage' }, 'overage')
    : h('span', { class: 'badge' }, 'prepaid')
  const since = h('time', { datetime: borrow.borrowed_at }, timeOfDay(borrow.borrowed_at))
  const element = h(
    'tr',
    {},
    h('td', {}, borrow.tool),
    h('td', { class: 'name' }, h('bdi', { class: 'clamped', title: borrow.user }, borrow.user)),
    h('td', {}, since),
    h('td', {}, badge),
  )
  return { element, update() {} }
}

/** The table of everyone's open borrows, newest first. */
export function everyone(): (frame: PoolsFrame) => void {
  const show = keyedList(
    byId('everyone-rows'),
    (b: PublicBorrow) => `${b.tool}|${b.user}|${b.borrowed_at}`,
    borrowRow,
  )
  return frame => {
    const shown = frame.borrows.slice(0, MOST_SHOWN)
    show(shown)
    byId('everyone-table').hidden = shown.length === 0
    setText(
      byId('everyone-note'),
      frame.open_borrows === 0
        ? 'Nobody has borrowed anything right now.'
        : frame.open_borrows > shown.length
          ? `The newest ${shown.length} of ${plural(frame.open_borrows, 'open borrow')}.`
          : `${plural(frame.open_borrows, 'open borrow')}.`,
    )
  }
}
