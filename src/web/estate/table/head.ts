import { h, setAttribute } from '../../dom.ts'
import type { Column } from './rows.ts'
import type { Order } from './state.ts'

/**
 * The head of a table; columns that it can be sorted by are buttons.
 * @param pressed is told the column, and which end comes first the first time
 * @returns shows by which it is sorted
 */
export function headOf<Item>(
  columns: readonly Column<Item>[],
  pressed: (sort: string, first: Order) => void,
): { element: HTMLElement; show: (sort: string, order: Order) => void } {
  const cells = columns.map(({ label, sort, isNumber = false }) => {
    const cell = h('th', { scope: 'col', ...(isNumber && { class: 'number' }) })
    cell.append(
      sort === undefined
        ? label
        : h(
            'button',
            { type: 'button', class: 'sort', click: () => pressed(sort, isNumber ? 'desc' : 'asc') },
            label,
          ),
    )
    return { cell, sort }
  })
  return {
    element: h('thead', {}, h('tr', {}, ...cells.map(({ cell }) => cell))),
    show(by, order) {
      for (const { cell, sort } of cells)
        if (sort !== undefined)
          setAttribute(cell, 'aria-sort', sort !== by ? 'none' : order === 'asc' ? 'ascending' : 'descending')
    },
  }
}
