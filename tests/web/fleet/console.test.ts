import { expect, test } from 'vitest'
import { webModule } from '../fake-page.ts'

const { readWaves, readWindow } = await webModule<{
  readWaves(text: string): number[] | null
  readWindow(text: string): { from_hour: number; to_hour: number } | null | undefined
}>('fleet/console/waves-text')
const { address } = await webModule<{
  address(path: string, query: Record<string, string | number | null>): string
}>('fleet/requests')

test.each([
  ['5, 15, 80', [5, 15, 80]],
  ['5 15 80', [5, 15, 80]],
  ['5%/15%/80%', [5, 15, 80]],
  ['100', [100]],
  ['33.3 33.3 33.4', [33.3, 33.3, 33.4]],
  ['5, 15', null],
  ['0, 100', null],
  ['', null],
  ['a, b', null],
  ['9 9 9 9 9 9 9 9 9 9 10', null],
])('waves of %j are %j', (text, waves) => {
  expect(readWaves(text)).toEqual(waves)
})

test.each([
  ['', null],
  ['  ', null],
  ['22-4', { from_hour: 22, to_hour: 4 }],
  ['22 – 4', { from_hour: 22, to_hour: 4 }],
  ['9 to 17', { from_hour: 9, to_hour: 17 }],
  ['24-4', undefined],
  ['night', undefined],
])('a window of %j is %j', (text, window) => {
  expect(readWindow(text)).toEqual(window)
})

test('an address has what was given, encoded, and nothing else', () => {
  expect(address('/fleet/vehicles', { search: 'a&b', state: '', after: null, limit: 20 })).toBe(
    '/fleet/vehicles?search=a%26b&limit=20',
  )
  expect(address('/fleet/vehicles', { state: '' })).toBe('/fleet/vehicles')
})
