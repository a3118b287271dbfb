import { expect, test } from 'vitest'
import type { BurnShape, IncidentShape } from '../../../src/delivery/api.ts'
import { burnExample, incidentExample } from '../../pages/delivery-example.ts'
import { webModule } from '../fake-page.ts'

const { paceOf } = await webModule<{
  paceOf(frame: { borrows_per_second: number; window_seconds: number }): { count: string; span: string }
}>('deck/pace')
const { budgetWords, burnWords, learningWords } = await webModule<{
  budgetWords(rest: number | null): string
  burnWords(burn: BurnShape, last: IncidentShape | undefined): string
  learningWords(burn: BurnShape[], version: string): string
}>('deck/budget-words')

test.each([
  [0, 60, '0', 'in the last minute'],
  [1 / 60, 60, '1', 'in the last minute'],
  [4 / 60, 60, '4', 'in the last minute'],
  [59 / 60, 60, '59', 'in the last minute'],
  [0.5, 10, '5', 'in the last 10 s'],
  [1, 60, '1', 'a second'],
  [4.8166, 60, '4.82', 'a second'],
])('below one borrow a second those of the window are counted: %f over %i s', (pace, window, count, span) => {
  expect(paceOf({ borrows_per_second: pace, window_seconds: window })).toEqual({ count, span })
})

test.each([
  [null, 'untouched'],
  [1, '100\u00a0% left'],
  [0.42, '42\u00a0% left'],
  [0, '0\u00a0% left'],
  [-0.43, '1.4\u00a0× spent'],
  [-8.96, '10\u00a0× spent'],
  [-10.3, '11\u00a0× spent'],
])('a budget says what is left of it, or how many times it was spent: %f', (rest, words) => {
  expect(budgetWords(rest)).toBe(words)
})

const time = '\\w[\\w ,:]*'
test.each<[string, Partial<BurnShape>, IncidentShape | undefined, string]>([
  [
    'burns too fast',
    { long: 40, short: 60.5, paging: true },
    incidentExample(),
    'Burns too fast: 40\u00a0× over 2 min, 60.5\u00a0× over 30 s',
  ],
  ['burns', { long: 0.8 }, incidentExample(), 'Burn: 0.8\u00a0× over 2 min, no data over 30 s'],
  ['is quiet after an incident', {}, incidentExample(), `Last burn at ${time}, for 46 s`],
  ['is quiet in an incident', {}, incidentExample({ resolved_at: null }), `Last burn at ${time}`],
  ['is quiet', {}, undefined, 'No borrow for 2 min'],
])('a budget that %s says so', (_case, burn, last, words) => {
  expect(burnWords(burnExample(burn), last)).toMatch(new RegExp(`^${words}$`))
})

test.each<[string, Partial<BurnShape>[], string]>([
  ['no objective', [], 'The server has no objective to show.'],
  ['one that calls somebody', [{ paging: true, budget_left: -3 }], 'Somebody is called'],
  [
    'the worst one that is overspent',
    [{ budget_left: -10.3 }, { budget_left: -0.43, long: 1 }],
    'Overspent: the last hour took 11 times its budget.',
  ],
  [
    'one that is just overspent',
    [{ budget_left: -0.01 }],
    'Overspent: the last hour took more than its budget.',
  ],
  ['nobody who borrows', [{}, {}], 'Nobody has borrowed lately'],
  ['what runs within it', [{ long: 0.5 }], '1.4.2 runs within its budget.'],
])('of all budgets the slide says %s', (_case, burn, words) => {
  expect(learningWords(burn.map(burnExample), '1.4.2')).toContain(words)
})
