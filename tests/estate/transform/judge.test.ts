import { describe, expect, test } from 'vitest'
import { type Judged, judge } from '../../../src/estate/transform/judge.ts'
import { DAY_MS, NOON, serverAt, serviceAt } from './world.ts'

const times = { now: NOON, longestKeepMs: 90 * DAY_MS, unnumberedKeepMs: 8 * DAY_MS }
const MINUTE_MS = 60_000
const fate = (sample: unknown, receivedAt = NOON, changed: Partial<typeof times> = {}) => {
  const judged = judge('server', sample, receivedAt, { ...times, ...changed })
  return 'dead' in judged ? judged.dead : 'good'
}

describe('a sample is judged by its time', () => {
  test.each([
    ['as it happens', NOON, 'good'],
    ['at the edge of what clocks may differ', NOON + 5 * MINUTE_MS, 'good'],
    ['beyond it', NOON + 5 * MINUTE_MS + 1, 'future'],
    ['at the edge of what is kept', NOON - 90 * DAY_MS, 'good'],
    ['before that', NOON - 90 * DAY_MS - 1, 'too_old'],
  ])('%s', (_, at, expected) => {
    expect(fate(serverAt(at))).toBe(expected)
  })

  test('from the future is what was it when it came, whenever it is judged', () => {
    const sample = serverAt(NOON)
    expect(fate(sample, NOON - 10 * MINUTE_MS)).toBe('future')
    expect(fate(sample, NOON - 10 * MINUTE_MS, { now: NOON + DAY_MS })).toBe('future')
  })
  test('nor is it believed that it came later than now', () => {
    expect(fate(serverAt(NOON + DAY_MS), NOON + DAY_MS)).toBe('future')
  })
  test.each([
    ['without a boot', { boot: undefined }],
    ['without a number', { seq: undefined }],
  ])('%s it is too old when the lake could have brought it before', (_, without) => {
    expect(fate(serverAt(NOON - 8 * DAY_MS, without))).toBe('good')
    expect(fate(serverAt(NOON - 8 * DAY_MS - 1, without))).toBe('too_old')
  })
})

describe('a sample is invalid', () => {
  test.each([
    ['no object', null],
    ['text', 'server'],
    ['a list', []],
    ['without a name', { ...serverAt(NOON), server_id: undefined }],
    ['with a share above 100', serverAt(NOON, { cpu_percent: 100.1 })],
    ['with a negative share', serverAt(NOON, { memory_percent: -1 })],
    ['with an unknown status', serverAt(NOON, { status: 'ill' })],
    ['without a time', serverAt(NOON, { timestamp: 'noon' })],
    ['with half a number', serverAt(NOON, { seq: 1.5 })],
    ['with markup in its name', serverAt(NOON, { server_id: '<b>' })],
  ])('%s', (_, sample) => {
    expect(fate(sample)).toBe('invalid')
  })

  test('the detail names the field, and is short', () => {
    const judged = judge('server', serverAt(NOON, { cpu_percent: 200 }), NOON, times)
    expect(judged).toMatchObject({ detail: expect.stringMatching(/^cpu_percent: .{3,180}$/) })
  })
})

test('what is derived comes with the sample', () => {
  expect(judge('server', serverAt(NOON), NOON, times)).toMatchObject({ at: NOON, derived: 25 })
  const none = judge('service', serviceAt(NOON, { total_requests: 0 }), NOON, times) as Judged
  expect(none.derived).toBeNull()
})
