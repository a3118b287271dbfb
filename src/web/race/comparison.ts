import type { RaceShape, RowShape } from '../../race/api.ts'
import { h, setText } from '../dom.ts'
import { keyedList, type Row } from '../keyed-list.ts'
import { rowWords } from './words.ts'

function comparisonRow(first: RowShape): Row<RowShape> {
  const title = h('th', { scope: 'row' }, first.title)
  const cloud = h('td', { class: 'race-cloud' })
  const vehicle = h('td', { class: 'race-vehicle' })
  return {
    element: h('tr', {}, title, cloud, vehicle),
    update(row) {
      setText(title, row.title)
      setText(cloud, rowWords(row, 'cloud'))
      setText(vehicle, rowWords(row, 'vehicle'))
    },
  }
}

/** Both lanes in one table. */
export function comparison() {
  const body = h('tbody')
  const element = h(
    'table',
    { class: 'race-table' },
    h('caption', { class: 'race-hidden' }, 'Both paths compared; times count from the release'),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, 'From the release on'),
        h('th', { scope: 'col', class: 'race-cloud' }, 'Cloud, real time'),
        h('th', { scope: 'col', class: 'race-vehicle' }, 'Vehicles, simulated time'),
      ),
    ),
    body,
  )
  const rows = keyedList(body, (row: RowShape) => row.measure, comparisonRow)
  return { element, update: ({ table }: RaceShape) => rows(table) }
}
