/** What a table shows: its order, its filters and its page. Each change gives a new state. */

export type Order = 'asc' | 'desc'

export interface TableState {
  sort: string
  order: Order
  offset: number
  filters: Readonly<Record<string, string>>
}

export const PAGE = 25

export const firstState = (sort: string): TableState => ({ sort, order: 'asc', offset: 0, filters: {} })

/** By a column: the same one turns round; a new one begins as it says. The first page is shown. */
export function sortedBy(state: TableState, sort: string, first: Order): TableState {
  const order = state.sort === sort ? (state.order === 'asc' ? 'desc' : 'asc') : first
  return { ...state, sort, order, offset: 0 }
}

/** With a filter; '' takes it away. The first page is shown. */
export function filtered(state: TableState, name: string, value: string): TableState {
  const { [name]: _, ...others } = state.filters
  return { ...state, offset: 0, filters: value === '' ? others : { ...others, [name]: value } }
}

/** So many pages on, within what there is. */
export function turned(state: TableState, pages: number, total: number): TableState {
  return within({ ...state, offset: state.offset + pages * PAGE }, total)
}

/** The same, or the last page where there are fewer rows now. */
export function within(state: TableState, total: number): TableState {
  const last = Math.max(0, Math.ceil(total / PAGE) - 1) * PAGE
  const offset = Math.min(Math.max(0, state.offset), last)
  return offset === state.offset ? state : { ...state, offset }
}

/** What the server is asked. */
export const queryOf = ({ sort, order, offset, filters }: TableState): Record<string, string | number> => ({
  ...filters,
  sort,
  order,
  limit: PAGE,
  offset,
})

/** `26 to 50 of 1,000 servers that fit`. @param write puts a number of rows into words */
export function noteOf(
  { offset, filters }: TableState,
  rows: number,
  total: number,
  write: (count: number) => string,
): string {
  const isFiltered = Object.keys(filters).length > 0
  if (rows === 0) return isFiltered ? 'Nothing fits. Take a filter away.' : 'Nothing has reported yet.'
  const [first, last] = [offset + 1, offset + rows].map(count => count.toLocaleString('en'))
  return `${first} to ${last} of ${write(total)}${isFiltered ? ' that fit' : ''}`
}
