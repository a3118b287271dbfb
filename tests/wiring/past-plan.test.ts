import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HOUR_MS } from '../../src/wiring/missing-past.ts'
import { createPastPlan } from '../../src/wiring/past-plan.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const estate = { servers: 10, seed: 1 }
const hours = (from: number, until: number) => ({ from: from * HOUR_MS, until: until * HOUR_MS })
const known = (from: number, until: number) =>
  Array.from({ length: until - from }, (_, index) => (from + index) * HOUR_MS)
const place = () => join(temporaryFolder(), 'estate.db.history')

test('who is stopped in the middle tells the same spans again, and what is missing since', () => {
  const file = place()
  expect(createPastPlan(file, estate).begin(hours(0, 24), [])).toEqual([hours(0, 24)])
  // Hours 18 to 24 came, and of 18 only some; then it was away for two hours.
  expect(createPastPlan(file, estate).begin(hours(2, 26), known(18, 24))).toEqual([
    hours(0, 24),
    hours(24, 26),
  ])
})

test('what was told to its end is not told again, even before the database knows it', () => {
  const file = place()
  const plan = createPastPlan(file, estate)
  plan.begin(hours(0, 24), [])
  plan.end()
  expect(createPastPlan(file, estate).begin(hours(0, 24), known(20, 24))).toEqual([])
  expect(createPastPlan(file, estate).begin(hours(3, 27), known(20, 24))).toEqual([hours(24, 27)])
})

test('where nothing is known, what was told is gone: the same is told again', () => {
  const file = place()
  const plan = createPastPlan(file, estate)
  plan.begin(hours(0, 24), [])
  plan.end()
  expect(createPastPlan(file, estate).begin(hours(2, 26), [])).toEqual([hours(0, 24), hours(24, 26)])
})

test('what is older than the past that is wanted is forgotten', () => {
  const file = place()
  createPastPlan(file, estate).begin(hours(0, 24), [])
  expect(createPastPlan(file, estate).begin(hours(30, 54), [])).toEqual([hours(30, 54)])
})

test.each([
  ['another seed', { servers: 10, seed: 2 }],
  ['another size', { servers: 11, seed: 1 }],
])('%s is another estate: what is known decides', (_title, other) => {
  const file = place()
  createPastPlan(file, estate).begin(hours(0, 24), [])
  expect(createPastPlan(file, other).begin(hours(0, 24), known(18, 24))).toEqual([hours(0, 18)])
})

test.each(['', '{', 'null', '{"told":[]}', '[1]'])('a file that is no plan (%s) is none', text => {
  const file = place()
  writeFileSync(file, text)
  expect(createPastPlan(file, estate).begin(hours(0, 2), [])).toEqual([hours(0, 2)])
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ telling: [hours(0, 2)] })
})

test('the end of nothing writes nothing', () => {
  const file = place()
  createPastPlan(file, estate).end()
  expect(existsSync(file)).toBe(false)
})
