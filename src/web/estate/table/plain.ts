import { h } from '../../dom.ts'
import { keyedList } from '../../keyed-list.ts'
import { headOf } from './head.ts'
import { type Column, rowOf } from './rows.ts'

/** A column of a table that is all here: what it is sorted by is read from the item. */
export interface SortedColumn<Item> extends Column<Item> {
  by?: (item: Item) => string | number | null
}

/**
 * A table that is all here; it is sorted by its columns.
 * @param sort the column that it is sorted by at first; left out: as it came
 * @param none said in its place when it is empty
 */
export function plainTable<Item>(
  parent: HTMLElement,
  name: string,
  key: (item: Item) => string,
  columns: readonly SortedColumn<Item>[],
  none: string,
  sort = '',
): (items: readonly Item[]) => void {
  let by = sort
  let order: 'asc' | 'desc' = columns.find(column => column.sort === sort)?.isNumber ? 'desc' : 'asc'
  let shown: readonly Item[] = []
  const head = headOf(columns, (column, first) => {
    order = by === column ? (order === 'asc' ? 'desc' : 'asc') : first
    by = column
    draw()
  })
  const body = h('tbody')
  const table = h('table', { class: 'wide' }, head.element, body)
  const empty = h('p', { class: 'quiet', hidden: true }, none)
  parent.append(empty, h('div', { class: 'scroll', role: 'region', 'aria-label': name, tabindex: 0 }, table))
  const rows = keyedList(body, key, (item: Item) => rowOf(columns, item))

  function draw() {
    const value = columns.find(column => column.sort === by)?.by
    rows(value ? sorted(shown, value, order) : shown)
    head.show(by, order)
    empty.hidden = shown.length > 0
    table.hidden = shown.length === 0
  }
  return items => {
    shown = items
    draw()
  }
}

/** In an order; what has no value comes last, either way round. */
export function sorted<Item>(
  items: readonly Item[],
  value: (item: Item) => string | number | null,
  order: 'asc' | 'desc',
): Item[] {
  const sign = order === 'asc' ? 1 : -1
  return [...items].sort((one, other) => {
    const [a, b] = [value(one), value(other)]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return sign * (typeof a === 'string' ? a.localeCompare(String(b)) : a - Number(b))
  })
}
