import { expect, test } from 'vitest'
import { updateReasons, updateStates } from '../../../src/vehicle/update-states.ts'
import { webModule } from '../fake-page.ts'

interface Rated {
  level: string
  words: string
}
interface Words {
  batteryOf(percent: number | null): Rated
  signalOf(dbm: number | null): Rated
  ago(at: string, nowMs: number): string
  share(part: number, whole: number): string
  vehiclesWords(count: number): string
  reasonOf(reason: string): string
  updateStateWords: Record<string, string>
  reasonWords: Record<string, string>
}

const words = await webModule<Words>('fleet/words')

test.each([
  [0, 'low'],
  [29.9, 'low'],
  [30, 'medium'],
  [59.9, 'medium'],
  [60, 'high'],
  [null, 'not known'],
])('a battery of %d %% is %s', (percent, said) => {
  expect(words.batteryOf(percent).words).toBe(said)
})

test.each([
  [-59, 'excellent'],
  [-60, 'good'],
  [-69, 'good'],
  [-70, 'fair'],
  [-79, 'fair'],
  [-80, 'poor'],
  [null, 'not known'],
])('a signal of %d dBm is %s', (dbm, said) => {
  expect(words.signalOf(dbm).words).toBe(said)
})

const noon = Date.UTC(2026, 0, 1, 12)
test.each([
  [-5, 'just now'],
  [0, 'just now'],
  [3, '3 s ago'],
  [59, '59 s ago'],
  [60, '1 min ago'],
  [3600, '1 h ago'],
  [86_400, '1 d ago'],
])('what was %d seconds ago was %s', (seconds, said) => {
  expect(words.ago(new Date(noon - seconds * 1000).toISOString(), noon)).toBe(said)
})

test.each([
  [0, 0, '–'],
  [0, 10, '0 %'],
  [1, 200, '0.5 %'],
  [1, 3, '33 %'],
  [3, 3, '100 %'],
])('%d of %d is %s: nothing of nothing is no share', (part, whole, said) => {
  expect(words.share(part, whole)).toBe(said)
})

test('every state of an update and every reason has words; a reason that is new is shown as it came', () => {
  expect(Object.keys(words.updateStateWords).sort()).toEqual([...updateStates].sort())
  expect(Object.keys(words.reasonWords).sort()).toEqual([...updateReasons].sort())
  expect(words.reasonOf('cosmic_ray')).toBe('cosmic ray')
})

test('vehicles are counted in words', () => {
  expect([0, 1, 2000].map(words.vehiclesWords)).toEqual(['0 vehicles', '1 vehicle', '2,000 vehicles'])
})
