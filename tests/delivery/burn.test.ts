import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isBurningNow, isPaging, opensByBurn, thresholdOf } from '../../src/delivery/burn.ts'
import { demoTime, durationOf, factorOf, objectives, realTime } from '../../src/delivery/objectives.ts'
import { allAlerts } from '../../src/rules/index.ts'

const [availability, latency] = objectives
const [shown] = demoTime.page

/** The comparisons of an alert's expression: a recorded series, its window, and the bound that it must exceed. */
const comparisons = (expr: string) =>
  Array.from(
    expr.matchAll(/ratio_rate(\w+)\{[^}]*sloth_slo="([^"]+)"\} > ([\d.]+) \* ([\d.]+)/g),
    ([, window, slo, factor, budget]) => `${slo} ${window} > ${Number(factor) * Number(budget)}`,
  )

test('the watch compares what the rules of Prometheus compare: the same objectives, windows and bounds', () => {
  for (const objective of objectives)
    for (const [time, policy] of [
      ['real', realTime],
      ['demo', demoTime],
    ] as const) {
      const alert = allAlerts().find(
        ({ alert: name, labels }) =>
          name === objective.alert && labels.time === time && labels.severity === 'page',
      )
      expect(comparisons(alert?.expr ?? '')).toEqual(
        policy.page.flatMap(window =>
          [window.long, window.short].map(
            seconds => `${objective.name} ${durationOf(seconds)} > ${thresholdOf(objective, window, policy)}`,
          ),
        ),
      )
      expect(alert?.labels.slo).toBe(objective.name)
    }
})

test('it pages when both windows of a pair are above the bound, and at the bound not yet', () => {
  const above = thresholdOf(availability, shown, demoTime)
  const over = (long: number | null, short: number | null) => (seconds: number) =>
    seconds === shown.long ? long : seconds === shown.short ? short : null
  const pages = (long: number | null, short: number | null) =>
    isPaging(availability, over(long, short), demoTime)
  expect(pages(above + 1e-9, above + 1e-9)).toBe(true)
  expect(pages(above, 1)).toBe(false)
  expect(pages(1, above)).toBe(false)
  expect(pages(null, 1)).toBe(false)
  expect(pages(1, null)).toBe(false)
  expect(isBurningNow(availability, over(0, above + 1e-9))).toBe(true)
  expect(isBurningNow(availability, over(1, null))).toBe(false)
})

test('whatever the ratios: what opens an incident pages by one of the policies, and burns now', () => {
  const ratio = fc.option(fc.double({ min: 0, max: 1, noNaN: true }))
  const windows = [demoTime, realTime].flatMap(({ page }) => page.flatMap(({ long, short }) => [long, short]))
  fc.assert(
    fc.property(
      fc.constantFrom(availability, latency),
      fc.array(ratio, { minLength: windows.length, maxLength: windows.length }),
      (objective, ratios) => {
        const over = (seconds: number) => ratios[windows.indexOf(seconds)] ?? null
        const expected = [demoTime, realTime].some(policy =>
          policy.page.some(window =>
            [window.long, window.short].every(
              seconds => (over(seconds) ?? -1) > factorOf(window, policy) * (1 - objective.target) + 1e-12,
            ),
          ),
        )
        expect(opensByBurn(objective, over)).toBe(expected && isBurningNow(objective, over))
      },
    ),
  )
})
