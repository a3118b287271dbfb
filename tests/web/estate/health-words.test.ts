import fc from 'fast-check'
import { expect, test } from 'vitest'
import { healthScore } from '../../../src/estate/analytics/health-score.ts'
import { webModule } from '../fake-page.ts'

interface Parts {
  cpu: number
  memory: number
  disk: number
  success: number
  criticalServers: number
}
type Known = { [Part in keyof Parts]: Parts[Part] | null }
interface Frame {
  health: { score: number | null; contributors: [] }
  summary: object
}
const { healthWords, MADE_OF } = await webModule<{
  healthWords(frame: Frame): { level: string; word: string; why: string }
  MADE_OF: string
}>('estate/health-words')
const levels = await webModule<{
  thresholds: Record<'cpu' | 'memory' | 'disk', { high: number; critical: number }>
}>('estate/levels')

const well: Parts = { cpu: 42, memory: 53, disk: 48, success: 99.6, criticalServers: 0 }
const scoreOf = (parts: Parts) => healthScore(parts).score
const frameOf = (parts: Known, score: number | null = scoreOf(parts as Parts)): Frame => ({
  health: { score, contributors: [] },
  summary: {
    servers: {
      avg_cpu: parts.cpu,
      avg_memory: parts.memory,
      avg_disk: parts.disk,
      critical: parts.criticalServers,
      total: 100,
    },
    services: { avg_success_rate: parts.success },
  },
})

test('64 of 100 with everything normal is healthy, and says that it is normal', () => {
  expect(Math.round(scoreOf(well) ?? 0)).toBe(64)
  expect(healthWords(frameOf(well))).toEqual({
    level: 'good',
    word: 'Healthy',
    why: 'CPU, memory, disk and success are normal.',
  })
})

test.each<[Partial<Parts>, string, string]>([
  [{ cpu: 70, memory: 80, disk: 70, success: 99.1 }, 'Healthy', 'CPU, memory, disk and success are normal.'],
  [{ cpu: 70.1 }, 'Needs a look', 'CPU is high.'],
  [{ memory: 90.1 }, 'Unhealthy', 'Memory is critical.'],
  [{ disk: 85, memory: 81 }, 'Needs a look', 'Memory is high. Disk is high.'],
  [{ disk: 86, memory: 81 }, 'Unhealthy', 'Memory is high. Disk is critical.'],
  [{ success: 98.2 }, 'Needs a look', '98.2 % of requests succeed.'],
  [{ success: 60 }, 'Unhealthy', '60 % of requests succeed.'],
  [{ criticalServers: 1 }, 'Needs a look', '1 of 100 servers is critical.'],
  [{ criticalServers: 9 }, 'Needs a look', '9 of 100 servers are critical.'],
  [{ criticalServers: 10 }, 'Unhealthy', '10 of 100 servers are critical.'],
])('with %j otherwise: %s, as %s', (otherwise, word, why) => {
  expect(healthWords(frameOf({ ...well, ...otherwise }))).toMatchObject({ word, why })
})

test('one server of one that is critical is not only worth a look', () => {
  const { health, summary } = frameOf({ ...well, criticalServers: 1 })
  const servers = { ...(summary as { servers: object }).servers, total: 1 }
  expect(healthWords({ health, summary: { ...summary, servers } })).toMatchObject({
    word: 'Unhealthy',
    why: '1 of 1 server is critical.',
  })
})

test('without a score it is unknown, whatever is known of its parts', () => {
  expect(healthWords(frameOf(well, null))).toEqual({ level: 'unknown', word: 'Unknown: no data', why: '' })
})

test('a part that nobody knows is not called normal', () => {
  const { level, why } = healthWords(frameOf({ ...well, success: null }, 64))
  expect([level, why]).toEqual(['good', 'What is known of it is normal.'])
})

test('it is healthy exactly when every part is normal, and never with less than 44.75 points', () => {
  const share = fc.double({ min: 0, max: 100, noNaN: true })
  const parts = fc.record({
    cpu: share,
    memory: share,
    disk: share,
    success: fc.double({ min: 90, max: 100, noNaN: true }),
    criticalServers: fc.constantFrom(0, 0, 0, 1, 5),
  })
  const { cpu, memory, disk } = levels.thresholds
  fc.assert(
    fc.property(parts, of => {
      const isNormal =
        of.cpu <= cpu.high &&
        of.memory <= memory.high &&
        of.disk <= disk.high &&
        of.success > 99 &&
        of.criticalServers === 0
      expect(healthWords(frameOf(of)).level === 'good').toBe(isNormal)
      if (isNormal) expect(scoreOf(of)).toBeGreaterThanOrEqual(44.75)
    }),
  )
})

test('what the page says of the formula is what the formula does', () => {
  const half = { cpu: 50, memory: 50, disk: 50, success: 100, criticalServers: 0 }
  expect(scoreOf(half)).toBe(62.5)
  expect(scoreOf({ ...half, criticalServers: 1 })).toBe(57.5)
  for (const criticalServers of [4, 40]) expect(scoreOf({ ...half, criticalServers })).toBe(42.5)
  expect(MADE_OF).toContain('less 5 for each critical server, at most 20')
  expect(MADE_OF).toContain('half of everything used it is 62.5')
})
