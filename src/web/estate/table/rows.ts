import { h, setText } from '../../dom.ts'
import type { Row } from '../../keyed-list.ts'

/** A column: its head, and what stands in its cells. */
export interface Column<Item> {
  label: string
  /** What the table is sorted by when its head is pressed; left out: it is not sorted by. */
  sort?: string
  /** Where numbers stand: at the right, the greatest first. */
  isNumber?: boolean
  /** A text, or an element that takes newer items. */
  cell: (item: Item) => string | Row<Item>
}

/** A row of such columns; the first names it. */
export function rowOf<Item>(columns: readonly Column<Item>[], first: Item): Row<Item> {
  const cells = columns.map(({ cell, isNumber = false }, index) => {
    const content = cell(first)
    const place = index === 0 ? h('th', { scope: 'row' }) : h('td', isNumber ? { class: 'number' } : {})
    if (typeof content !== 'string') place.append(content.element)
    return {
      place,
      update(item: Item) {
        if (typeof content !== 'string') return content.update(item)
        const text = cell(item)
        if (typeof text === 'string') setText(place, text)
      },
    }
  })
  return {
    element: h('tr', {}, ...cells.map(({ place }) => place)),
    update(item) {
      for (const cell of cells) cell.update(item)
    },
  }
}
