import { expect, test } from 'vitest'
import { hoursBehind, interpolated, usualAround } from '../../../src/estate/analytics/usual.ts'

/** Wednesday, 10:00 UTC. */
const hour = Date.UTC(2026, 5, 3, 10) / 3_600_000

test('no history is no baseline, and one day is too little', () => {
  expect(usualAround(hoursBehind(hour), () => Number.NaN)).toBeNull()
  expect(usualAround(hoursBehind(hour), one => (one >= hour - 24 ? 50 : Number.NaN))).toBeNull()
})

test('two days of the same sort are enough', () => {
  expect(usualAround(hoursBehind(hour), one => (one >= hour - 48 ? 50 : Number.NaN))).toEqual({
    center: 50,
    spread: 0,
  })
})

test('the same hour of the week counts more than the same hour of other days', () => {
  const weeks = (one: number) => ((hour - one) % 168 === 0 ? 80 : (hour - one) % 24 === 0 ? 40 : 80)
  expect(usualAround(hoursBehind(hour), weeks)?.center).toBe(80)
})

test('one bad day does not become usual', () => {
  const bad = (one: number) => (one < hour - 20 && one > hour - 30 ? 99 : 40)
  expect(usualAround(hoursBehind(hour), bad)).toEqual({ center: 40, spread: 0 })
})

test('only hours before it are looked at', () => {
  expect(Math.max(...hoursBehind(hour).map(one => one.hour))).toBe(hour - 24)
})

test('between the middles of two hours it goes evenly, and each hour is asked for once', () => {
  const asked: number[] = []
  const usual = interpolated(one => {
    asked.push(one)
    return { center: one === hour ? 20 : one > hour ? 40 : 10, spread: 1 }
  })
  const at = (minute: number) => hour * 3_600_000 + minute * 60_000
  expect(usual(at(30))?.center).toBe(20)
  expect(usual(at(60))?.center).toBe(30)
  expect(usual(at(0))?.center).toBe(15)
  expect(usual(at(45))?.center).toBe(25)
  expect(asked.sort()).toEqual([hour - 1, hour, hour + 1])
})

test('where the next hour is not known the last one counts', () => {
  const usual = interpolated(one => (one === hour ? { center: 20, spread: 1 } : null))
  expect(usual(hour * 3_600_000 + 50 * 60_000)?.center).toBe(20)
})
