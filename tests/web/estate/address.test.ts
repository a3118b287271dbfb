import fc from 'fast-check'
import { expect, test } from 'vitest'
import { webModule } from '../fake-page.ts'

interface Place {
  view: string
  range: string
}
const { addressOf, placeOf, rangeWords, ranges, views, viewWords } = await webModule<{
  addressOf(place: Place): string
  placeOf(search: string): Place
  rangeWords: Record<string, string>
  ranges: Record<string, number>
  views: string[]
  viewWords: Record<string, string>
}>('estate/address')

const first = { view: 'overview', range: '24h' }

test('every view and range has an address that leads back to it', () => {
  for (const view of views)
    for (const range of Object.keys(ranges)) {
      const { pathname, search } = new URL(addressOf({ view, range }), 'http://here')
      expect(pathname).toBe('/estate')
      expect(placeOf(search)).toEqual({ view, range })
    }
})

test('every view and range has words', () => {
  expect(Object.keys(viewWords)).toEqual(views)
  expect(Object.keys(rangeWords)).toEqual(Object.keys(ranges))
})

test('ranges are of as many hours as they say, and the server takes them', () => {
  expect(ranges).toEqual({ '1h': 1, '6h': 6, '24h': 24, '7d': 168 })
})

test.each([
  ['', first],
  ['?view=&range=', first],
  ['?view=fleet&range=30d', first],
  ['?view=SERVERS', first],
  ['?range=__proto__', first],
  ['?range=toString&view=constructor', first],
  ['?view=servers', { view: 'servers', range: '24h' }],
  ['?range=1h', { view: 'overview', range: '1h' }],
  ['?view=servers&view=analytics', { view: 'servers', range: '24h' }],
])('%j is %j', (search, place) => {
  expect(placeOf(search)).toEqual(place)
})

test('whatever an address says, it is one of the places', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (view, range) => {
      const place = placeOf(`?${new URLSearchParams({ view, range })}`)
      expect(views).toContain(place.view)
      expect(Object.keys(ranges)).toContain(place.range)
    }),
  )
})
