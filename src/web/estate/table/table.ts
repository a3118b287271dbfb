/** A table that the server sorts, filters and pages. */
import type { Answer } from '../../api.ts'
import { onPress } from '../../busy.ts'
import { byId, h, setText } from '../../dom.ts'
import { keyedList } from '../../keyed-list.ts'
import { panel } from '../panel.ts'
import { type Choice, filtersOf } from './filters.ts'
import { headOf } from './head.ts'
import { type Column, rowOf } from './rows.ts'
import { filtered, firstState, noteOf, PAGE, queryOf, sortedBy, turned, within } from './state.ts'

interface Wanted<Item> {
  /** Of the card that it stands in. */
  id: string
  /** What it is a table of, as in `Table of servers`. */
  name: string
  searched: string
  sort: string
  columns: readonly Column<Item>[]
  choices: readonly Choice[]
  key: (item: Item) => string
  counted: (count: number) => string
  ask: (query: Record<string, string | number>) => Promise<Answer<Item[]>>
}

/** @returns asks anew, and offers other values of a choice */
export function serverTable<Item>(wanted: Wanted<Item>) {
  let state = firstState(wanted.sort)
  let total = 0
  const head = headOf(wanted.columns, (sort, first) => to(sortedBy(state, sort, first)))
  const chosen = filtersOf(wanted.name, wanted.searched, wanted.choices, (name, value) =>
    to(filtered(state, name, value)),
  )
  const note = h('p', { class: 'quiet', role: 'status' })
  const body = h('tbody')
  const table = h('table', { class: 'wide', hidden: true }, head.element, body)
  const [previous, next] = [button('Previous'), button('Next')]
  const pages = h('div', { class: 'pages', hidden: true }, previous, next)
  byId(wanted.id).append(
    chosen.element,
    note,
    h('div', { class: 'scroll', role: 'region', 'aria-label': wanted.name, tabindex: 0 }, table),
    pages,
  )
  const rows = keyedList(body, wanted.key, (item: Item) => rowOf(wanted.columns, item))

  const refresh = panel(
    wanted.id,
    () => wanted.ask(queryOf(state)),
    ({ data, headers }) => {
      const counted = Number(headers.get('X-Total-Count') ?? Number.NaN)
      total = Number.isFinite(counted) ? counted : state.offset + data.length
      // There are fewer now than there were: the last page that there is.
      const inside = within(state, total)
      if (inside !== state) return to(inside)
      rows(data)
      head.show(state.sort, state.order)
      setText(note, noteOf(state, data.length, total, wanted.counted))
      table.hidden = data.length === 0
      previous.disabled = state.offset === 0
      next.disabled = state.offset + PAGE >= total
      pages.hidden = total <= PAGE
    },
  )

  function to(newer: typeof state): void {
    state = newer
    void refresh(undefined)
  }
  const turn = (count: number) => async () => {
    state = turned(state, count, total)
    await refresh(undefined)
  }
  onPress(previous, turn(-1))
  onPress(next, turn(1))
  return { refresh: () => refresh(undefined), offer: chosen.offer }
}

const button = (words: string) => h('button', { type: 'button' }, words)
