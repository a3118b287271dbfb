import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type HealthInput, healthScore } from '../../../src/estate/analytics/health-score.ts'

const calm: HealthInput = { cpu: 0, memory: 0, disk: 0, success: 100, criticalServers: 0 }

test.each<[string, Partial<HealthInput>, number | null]>([
  ['nothing used, nothing failed', {}, 100],
  ['everything used, everything failed', { cpu: 100, memory: 100, disk: 100, success: 0 }, 0],
  ['a quarter of each', { cpu: 40, memory: 60, disk: 50, success: 99 }, 62.25],
  ['one critical server', { criticalServers: 1 }, 95],
  ['three critical servers', { criticalServers: 3 }, 85],
  ['four critical servers', { criticalServers: 4 }, 80],
  ['forty critical servers cost as much as four', { criticalServers: 40 }, 80],
  ['never below 0', { cpu: 100, memory: 100, disk: 100, success: 0, criticalServers: 4 }, 0],
  ['more than all is all', { cpu: 140 }, 75],
  ['two decimals', { cpu: 33.333 }, 91.67],
  ['no CPU', { cpu: null }, null],
  ['no memory', { memory: null }, null],
  ['no disk', { disk: null }, null],
  ['no requests', { success: null }, null],
])('%s', (_, input, score) => {
  expect(healthScore({ ...calm, ...input }).score).toBe(score)
})

test('the three that take most away are named, most first, each with a sentence', () => {
  const { contributors } = healthScore({ cpu: 20, memory: 60, disk: 50, success: 98, criticalServers: 2 })
  expect(contributors).toEqual([
    { part: 'memory', points: 15, sentence: 'Memory is at 60 % on average: 15 points less.' },
    { part: 'disk', points: 12.5, sentence: 'Disk is at 50 % on average: 12.5 points less.' },
    { part: 'critical_servers', points: 10, sentence: '2 servers are critical: 10 points less.' },
  ])
})

test('what takes nothing is no contributor, and without data there is none', () => {
  expect(healthScore(calm).contributors).toEqual([])
  expect(healthScore({ ...calm, criticalServers: 1 }).contributors.map(({ part }) => part)).toEqual([
    'critical_servers',
  ])
  expect(healthScore({ ...calm, cpu: null }).contributors).toEqual([])
})

const percent = fc.double({ min: 0, max: 100, noNaN: true })
const input = fc.record({
  cpu: percent,
  memory: percent,
  disk: percent,
  success: percent,
  criticalServers: fc.nat(30),
})

test('the score is from 0 to 100, and what is taken away adds up to the rest', () => {
  fc.assert(
    fc.property(input, of => {
      const { score, contributors } = healthScore(of)
      expect(score).toBeGreaterThanOrEqual(0)
      expect(score).toBeLessThanOrEqual(100)
      const named = contributors.reduce((sum, { points }) => sum + points, 0)
      expect(named).toBeLessThanOrEqual(100 - (score as number) + 20.05)
      expect(contributors.length).toBeLessThanOrEqual(3)
    }),
  )
})

test('more use, fewer successes or one more critical server never make it better', () => {
  fc.assert(
    fc.property(input, fc.double({ min: 0, max: 50, noNaN: true }), (of, more) => {
      const score = healthScore(of).score as number
      for (const worse of [
        { cpu: of.cpu + more },
        { memory: of.memory + more },
        { disk: of.disk + more },
        { success: of.success - more },
        { criticalServers: of.criticalServers + 1 },
      ])
        expect(healthScore({ ...of, ...worse }).score).toBeLessThanOrEqual(score)
    }),
  )
})
