/** When a campaign pauses by itself, and when a wave has passed. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { settingsShape } from '../../../src/fleet/campaigns/settings.ts'
import { isOverErrors, judgeWave, sampleNeeded } from '../../../src/fleet/campaigns/thresholds.ts'
import { createCampaignWorld, isSilent, rollsBack, succeeds } from './campaign-world.ts'

const settings = settingsShape.parse({})

test.each([
  [null, 3, 3],
  [null, 80, 5],
  [null, 0, 1],
  [20, 3, 20],
])('minimum %s in a wave of %i: %i', (minimum, planned, needed) =>
  expect(sampleNeeded(minimum, planned)).toBe(needed),
)
test.each([
  [0, 1, 80, true],
  [0, 1, 1, true],
  [4, 1, 80, true],
  [19, 1, 80, false],
  [18, 1, 80, true],
  [95, 5, 80, false],
  [94, 6, 80, true],
  [0, 0, 80, false],
  [5, 0, 5, false],
])('%i succeeded, %i failed in a wave of %i', (succeeded, failed, planned, over) => {
  expect(isOverErrors({ succeeded, failed }, planned, settings)).toBe(over)
})
test.each([
  [20, 5, 1, false],
  [20, 5, 2, true],
  [5, 20, 1, false],
  [5, 20, 2, true],
  [5, 50, 2, false],
  [5, 50, 3, true],
  [5, 100, 5, false],
  [5, 0, 1, true],
])(
  'a sample of %i, a threshold of %i percent, the first %i failed: paused %s',
  (sample, percent, failed, over) => {
    const asked = { ...settings, minimum_sample: sample, error_threshold_percent: percent }
    expect(isOverErrors({ succeeded: 0, failed }, 100, asked)).toBe(over)
  },
)

const rule = fc.record({
  minimum: fc.option(fc.integer({ min: 1, max: 30 })),
  percent: fc.oneof(fc.constantFrom(0, 5, 20, 50, 100), fc.double({ min: 0, max: 100, noNaN: true })),
  planned: fc.integer({ min: 0, max: 60 }),
})
type Rule = { minimum: number | null; percent: number; planned: number }
const over = (succeeded: number, failed: number, { minimum, percent, planned }: Rule) =>
  isOverErrors({ succeeded, failed }, planned, {
    ...settings,
    minimum_sample: minimum,
    error_threshold_percent: percent,
  })
const few = fc.oneof(fc.nat({ max: 4 }), fc.nat({ max: 60 }))

test('it pauses only over the threshold, and only if the full sample would be over it in whatever order the rest comes', () => {
  const rest = fc.array(fc.boolean(), { maxLength: 30 })
  fc.assert(
    fc.property(few, few, rule, rest, (succeeded, failed, asked, coming) => {
      if (!over(succeeded, failed, asked)) return
      expect((100 * failed) / (succeeded + failed)).toBeGreaterThan(asked.percent)
      let [good, bad] = [succeeded, failed]
      for (const succeeds of coming) {
        if (good + bad >= sampleNeeded(asked.minimum, asked.planned)) break
        if (succeeds) good++
        else bad++
        expect(over(good, bad, asked)).toBe(true)
      }
    }),
  )
})
test('it pauses at the latest when the sample is full and its share too high', () => {
  fc.assert(
    fc.property(few, few, rule, (succeeded, failed, asked) => {
      const ended = succeeded + failed
      if (ended < sampleNeeded(asked.minimum, asked.planned)) return
      expect(over(succeeded, failed, asked)).toBe((100 * failed) / ended > asked.percent)
    }),
  )
})
test('one more failure, or a success that became one, never takes a pause back', () => {
  fc.assert(
    fc.property(few, few, rule, (succeeded, failed, asked) => {
      if (!over(succeeded, failed, asked)) return
      expect(over(succeeded, failed + 1, asked)).toBe(true)
      if (succeeded > 0) expect(over(succeeded - 1, failed + 1, asked)).toBe(true)
    }),
  )
})
const none = { succeeded: 0, failed: 0 }
test.each([
  ['under way', { planned: 5, settled: 4, blocked: 0, ended: { succeeded: 4, failed: 0 } }, false, 'waits'],
  ['all', { planned: 5, settled: 5, blocked: 0, ended: { succeeded: 5, failed: 0 } }, false, 'passed'],
  [
    'half, the rest blocked',
    { planned: 4, settled: 2, blocked: 2, ended: { succeeded: 2, failed: 0 } },
    false,
    'passed',
  ],
  [
    'the same in the last wave',
    { planned: 4, settled: 2, blocked: 2, ended: { succeeded: 2, failed: 0 } },
    true,
    'waits',
  ],
  [
    'less than half',
    { planned: 5, settled: 2, blocked: 3, ended: { succeeded: 2, failed: 0 } },
    false,
    'waits',
  ],
  ['nobody to update', { planned: 0, settled: 0, blocked: 0, ended: none }, false, 'passed'],
  ['only excluded ones', { planned: 2, settled: 2, blocked: 0, ended: none }, false, 'passed'],
  [
    'too many failures',
    { planned: 5, settled: 5, blocked: 0, ended: { succeeded: 4, failed: 1 } },
    false,
    'below_success',
  ],
] as const)('a wave: %s', (_title, wave, isLast, verdict) =>
  expect(judgeWave(wave, isLast, settings)).toBe(verdict),
)

test('a bad release is paused by its first failure, whoever of the wave is blocked or has not ended', () => {
  const world = createCampaignWorld(100)
  world.release('2.1.0')
  const id = world.start()
  const wave = world.updates(id).filter(({ wave }) => wave === 1)
  const [away, bad, slow] = wave.map(({ vehicle }) => vehicle)
  world.set(away ?? '', { online: 0 })
  world.pass(1, (vehicle, offer) => (vehicle === bad ? rollsBack(vehicle, offer) : ['DOWNLOADING']))
  world.pass(1, succeeds)
  expect(world.campaign(id)).toMatchObject({
    state: 'paused',
    by_state: { SCHEDULED: 99, ROLLED_BACK: 1 },
    pause: { rule: 'error_threshold', blast_radius: 1, failed: 1, settled: 1, time_to_detect_ms: 1000 },
  })
  expect(world.campaign(id).pause?.detail).toBe(
    '1 of 1 updates failed, more than 5 %, even if the next 4 succeed: 1 ROLLED_BACK (self_test_failed).',
  )
  expect(world.cancels).toContain(slow)
  expect(world.offers.map(({ vehicle }) => vehicle)).not.toContain(away)
})

test.each([
  ['that it can bear', 1, 'running'],
  ['that are too many for it', 2, 'paused'],
])('a sample of twenty waits for more with failures %s: %i', (_title, failures, state) => {
  const world = createCampaignWorld(100)
  world.release('2.1.0')
  const id = world.start({ minimum_sample: 20, success_threshold_percent: 0 })
  const failing = world.updates(id).filter(({ wave }) => wave === 1)
  const bad = failing.slice(0, failures).map(({ vehicle }) => vehicle)
  world.pass(1, (vehicle, offer) => (bad.includes(vehicle) ? rollsBack : isSilent)(vehicle, offer))
  world.pass(1, isSilent)
  const { pause, ...campaign } = world.campaign(id)
  expect(campaign.state).toBe(state)
  if (pause)
    expect(pause.detail).toContain('2 of 2 updates failed, more than 5 %, even if the next 18 succeed')
})
