import { expect, test } from 'vitest'
import { noteOf } from '../../src/web/dashboard/alerts.ts'
import { explain } from '../../src/web/explain.ts'
import { faultEffects } from '../../src/web/fault-words.ts'
import { samplesOf } from '../../src/web/overview/metric-changes.ts'
import { Problem } from '../../src/web/problem.ts'
import { headline } from '../../src/web/race/report.ts'

test.each([
  [3480, 3481, '3,480', '3,481'],
  [0, 1, '0', '1'],
  [575.1467492389821, 575.1528681, '575.1467', '575.1529'],
  [0, 0.0112345, '0', '0.011'],
  [1.5, 301.25, '2', '301'],
])('samples %s and %s are shown as far as they differ', (before, after, ...words) => {
  expect(samplesOf(before, after)).toEqual(words)
})

const frame = (alerts: number, incidents: (number | null)[]) =>
  ({
    firing: Array.from({ length: alerts }),
    troubles: incidents.map(incident => ({ incident })),
  }) as unknown as Parameters<typeof noteOf>[0]

test.each([
  [0, [], 'No alert fires, no incident is open'],
  [1, [], '1 alert fires'],
  [2, [3], '2 alerts fire, 1 incident is open'],
  [0, [3, 4, null], '2 incidents are open, 1 budget burns'],
])('%s alerts and incidents %j: %s', (alerts, incidents, words) => {
  expect(noteOf(frame(alerts, incidents))).toBe(words)
})

test.each([
  ['borrow', 'never takes a second seat'],
  ['return', 'given back only once'],
  ['renewal', 'moves the end'],
] as const)('a %s that got no answer says why trying again is safe: it %s', (tried, words) => {
  for (const timedOut of [true, false])
    expect(explain(Problem.noAnswer(timedOut), 'cad_tool', tried).advice).toContain(words)
})

test('what faults do is a list in words; one that is not known goes by its name', () => {
  expect(faultEffects(['latency', 'odd'])).toBe('borrows wait before they are decided; odd')
})

test('the title of a race breaks between no number and its unit', () => {
  const table = [{ measure: 'recover', cloud: 42_000, vehicle: 27 * 86_400_000 }]
  expect(headline({ table, vehicle: { elapsed_ms: 0 } } as never)).toBe(
    '42\u00a0s in the cloud, 27\u00a0d in the fleet',
  )
})
