import fc from 'fast-check'
import { expect, test } from 'vitest'
import { serversCurrentQuery } from '../../../src/estate/api/servers.ts'
import { webModule } from '../fake-page.ts'

interface State {
  sort: string
  order: 'asc' | 'desc'
  offset: number
  filters: Record<string, string>
}
const { PAGE, filtered, firstState, noteOf, queryOf, sortedBy, turned, within } = await webModule<{
  PAGE: number
  firstState(sort: string): State
  sortedBy(state: State, sort: string, first: 'asc' | 'desc'): State
  filtered(state: State, name: string, value: string): State
  turned(state: State, pages: number, total: number): State
  within(state: State, total: number): State
  queryOf(state: State): Record<string, string | number>
  noteOf(state: State, rows: number, total: number, write: (count: number) => string): string
}>('estate/table/state')
const { sorted } = await webModule<{
  sorted<Item>(items: Item[], value: (item: Item) => string | number | null, order: 'asc' | 'desc'): Item[]
}>('estate/table/plain')

const first = firstState('server_id')
const third = { ...first, offset: 2 * PAGE }

test('a new column begins at the end that it wants, the same one turns round, from the first page', () => {
  const byCpu = sortedBy(third, 'cpu_percent', 'desc')
  expect(byCpu).toMatchObject({ sort: 'cpu_percent', order: 'desc', offset: 0 })
  expect(sortedBy(byCpu, 'cpu_percent', 'desc').order).toBe('asc')
  expect(sortedBy(first, 'server_id', 'asc').order).toBe('desc')
})

test('a filter begins at the first page, and an empty one is taken away', () => {
  const north = filtered(third, 'region', 'north')
  expect(north).toMatchObject({ offset: 0, filters: { region: 'north' } })
  expect(filtered(north, 'status', 'critical').filters).toEqual({ region: 'north', status: 'critical' })
  expect(filtered(north, 'region', '').filters).toEqual({})
  expect(third.filters).toEqual({})
})

test('what is asked is what the server takes', () => {
  const state = filtered(sortedBy(third, 'cpu_percent', 'desc'), 'region', 'north')
  expect(serversCurrentQuery.parse(queryOf(state))).toMatchObject({
    sort: 'cpu_percent',
    order: 'desc',
    limit: PAGE,
    offset: 0,
    region: 'north',
  })
})

test('pages stay within what there is', () => {
  fc.assert(
    fc.property(fc.nat(2000), fc.integer({ min: -5, max: 100 }), (total, pages) => {
      const { offset } = turned(first, pages, total)
      expect(offset).toBeGreaterThanOrEqual(0)
      expect(offset % PAGE).toBe(0)
      expect(offset === 0 || offset < total).toBe(true)
    }),
  )
})

test('a page that is there is kept as it is', () => {
  expect(within(third, 60)).toBe(third)
  expect(within(third, 50).offset).toBe(PAGE)
  expect(within(third, 0).offset).toBe(0)
})

test('the note says which of how many are shown', () => {
  const write = (count: number) => `${count} servers`
  const filteredOnes = filtered(first, 'region', 'north')
  expect(noteOf(first, 25, 1000, write)).toBe('1 to 25 of 1000 servers')
  expect(noteOf(third, 10, 60, write)).toBe('51 to 60 of 60 servers')
  expect(noteOf(filteredOnes, 3, 3, write)).toBe('1 to 3 of 3 servers that fit')
  expect(noteOf(filteredOnes, 0, 0, write)).toBe('Nothing fits. Take a filter away.')
  expect(noteOf(first, 0, 0, write)).toBe('Nothing has reported yet.')
})

test('what has no value comes last, either way round', () => {
  const values = [3, null, 0, 12, null]
  const itself = (value: number | null) => value
  expect(sorted(values, itself, 'asc')).toEqual([0, 3, 12, null, null])
  expect(sorted(values, itself, 'desc')).toEqual([12, 3, 0, null, null])
  expect(sorted(['b', 'a', 'c'], value => value, 'desc')).toEqual(['c', 'b', 'a'])
  expect(values).toEqual([3, null, 0, 12, null])
})
