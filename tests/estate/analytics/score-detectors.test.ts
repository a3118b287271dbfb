import { expect, test } from 'vitest'
import { scoreDetectors } from '../../../scripts/estate/score.ts'
import { scoreTable } from '../../../scripts/estate/score-table.ts'

test('against the faults of a small simulated estate: found, without false alarms', () => {
  const shares: number[] = []
  const report = scoreDetectors({
    hours: 2,
    servers: 20,
    seed: 12,
    historyDays: 2,
    onProgress: share => shares.push(share),
  })
  expect(report.score.faults).toBeGreaterThan(3)
  expect(report.score.precision).toBeGreaterThanOrEqual(0.9)
  expect(report.score.recall).toBeGreaterThanOrEqual(0.9)
  expect(report.missed).toHaveLength(report.score.faults - report.score.found)
  expect(report.falseAlarms).toHaveLength(report.score.false_alarms)
  expect(scoreTable(report, 2)).toContain(`precision ${(report.score.precision ?? 0).toFixed(2)}`)
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
}, 120_000)
