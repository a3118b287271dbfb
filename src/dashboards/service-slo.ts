/** Whether the promises hold, and how the server is. */
import { demoTime, durationOf, objectives, realTime } from '../delivery/objectives.ts'
import { series } from '../telemetry.ts'
import { boardOf, type Row } from './board.ts'
import {
  budgetGoneIn,
  budgetLeft,
  burn,
  burnLimits,
  burnLimitsInWords,
  demoBudgetGoneIn,
  demoBudgetLeft,
  longWindows,
  NOW,
} from './burn.ts'
import { colour, steps } from './colours.ts'
import { perSecond, quantile, rate, serverUp, shareOfSome } from './expressions.ts'
import type { RunbookSection } from './links.ts'
import { inWords } from './mappings.ts'
import { figure, graph, text } from './panels.ts'
import { processRow } from './process-row.ts'
import { now, over } from './targets.ts'

type Objective = (typeof objectives)[number]

const named: Record<Objective['name'], { short: string; runbook: RunbookSection }> = {
  'borrow-availability': { short: 'Availability', runbook: 'BorrowAvailabilityBurn' },
  'borrow-latency': { short: 'Latency', runbook: 'BorrowLatencyBurn' },
}
const requests = series('http_requests_total')
const requestsFailed = series('http_requests_total', { status: { matches: '5..' } })

const percent = (part: number) => `${Number((part * 100).toFixed(3))} %`
const promised = objectives.map(
  ({ title, target, bad }) =>
    `- **${title}: ${percent(target)} are good.** Bad is ${bad}. So ${percent(1 - target)} may be bad: the error budget.`,
)

const atAGlance = [
  text({
    title: 'What is promised',
    description:
      'The two promises about borrows, in words, as they are declared in the source code. Always here: it asks nothing.',
    size: [12, 6],
    content: [...promised, '', `**Demo time**: the same promises where an hour stands for 30 days.`].join(
      '\n',
    ),
  }),
  figure({
    title: 'Server',
    description: 'Whether Prometheus reaches the server now. Empty when Prometheus does not know it.',
    size: [4, 6],
    queries: [now(`min (${serverUp})`)],
    mappings: inWords({ 0: ['Down', colour.bad], 1: ['Up', colour.good] }),
    runbook: 'TargetDown',
  }),
  figure({
    title: 'Requests per second',
    description:
      'All requests that the server answered. Empty until two scrapes have seen the counter; it keeps its last value while the server is not scraped.',
    size: [4, 6],
    queries: [over(perSecond(requests), 'requests')],
    unit: 'reqps',
    decimals: 1,
    hasTrend: true,
  }),
  figure({
    title: 'Answered with a failure',
    description:
      'The share of requests answered with a status of 500 or above. Empty when there is no traffic.',
    size: [4, 6],
    queries: [now(shareOfSome(perSecond(requestsFailed), perSecond(requests)))],
    unit: 'percentunit',
    decimals: 2,
    empty: 'no traffic',
    levels: steps(colour.good, [0.001, colour.overage], [0.01, colour.bad]),
    runbook: 'BorrowAvailabilityBurn',
  }),
]

const budgetLevels = steps(colour.bad, [0, colour.overage], [0.25, colour.good])
const hurry = (seconds: number) =>
  steps(colour.bad, [seconds / 10, colour.overage], [seconds / 2, colour.good])

function rowOf({ name, title, target }: Objective): Row {
  const { short, runbook } = named[name]
  const left = { size: [6, 4], unit: 'percentunit', decimals: 1, levels: budgetLevels, runbook } as const
  const gone = { size: [6, 4], unit: 's', decimals: 1, empty: 'not burning', runbook } as const
  const windows = (all: readonly number[]) =>
    all.map(seconds => over(burn(seconds, name), durationOf(seconds)))
  return {
    title: `${title}: ${percent(target)}`,
    panels: [
      figure({
        ...left,
        title: `${short}: error budget left (30 d)`,
        description:
          'How much of what may go wrong in 30 days is left; below 0 it is overspent. Empty until there was a borrow.',
        queries: [now(budgetLeft(name))],
      }),
      figure({
        ...gone,
        title: `${short}: budget gone in (30 d)`,
        description: `When the budget is used up if it burns on as in the last ${NOW}. Empty when nothing burns, or nobody borrows.`,
        queries: [now(budgetGoneIn(name))],
        levels: hurry(realTime.periodSeconds),
      }),
      figure({
        ...left,
        title: `${short}: error budget left, demo time`,
        description:
          'The same where an hour stands for 30 days, so that a fault can be seen within a talk. Empty until there was a borrow in the last hour.',
        queries: [now(demoBudgetLeft(name))],
      }),
      figure({
        ...gone,
        title: `${short}: budget gone in, demo time`,
        description: `When the budget of the hour is used up if it burns on as in the last ${durationOf(Math.min(...longWindows(demoTime)))}. Empty when nothing burns, or nobody borrows.`,
        queries: [now(demoBudgetGoneIn(name))],
        levels: hurry(demoTime.periodSeconds),
      }),
      graph({
        title: `${short}: burn rate by window`,
        description: `How many times faster than allowed the budget burns: 1 uses it up in exactly 30 days. Dashed lines call somebody: ${burnLimitsInWords(realTime)}. Empty without borrows in the window.`,
        size: [12, 8],
        queries: windows(longWindows(realTime)),
        unit: 'suffix:×',
        limits: burnLimits(realTime),
        runbook,
      }),
      graph({
        title: `${short}: burn rate, demo time`,
        description: `The same in demo time, where an hour stands for 30 days. Dashed lines call somebody: ${burnLimitsInWords(demoTime)}. Empty without borrows in the window.`,
        size: [12, 8],
        queries: windows(longWindows(demoTime)),
        unit: 'suffix:×',
        limits: burnLimits(demoTime),
        runbook,
      }),
    ],
  }
}

const byRoute = [
  graph({
    title: 'Requests per second, by route',
    description:
      'How often each route is asked; a route is the pattern, not the path of the caller. Empty until two scrapes have seen a route.',
    size: [24, 8],
    queries: [over(perSecond(requests, 'method', 'route'), '{{method}} {{route}}')],
    unit: 'reqps',
  }),
  graph({
    title: 'Share of failures, by route',
    description:
      'Of the requests to a route, the share answered with a status of 500 or above. 0 % is good; a route without traffic has no line.',
    size: [12, 9],
    queries: [
      over(
        shareOfSome(perSecond(requestsFailed, 'method', 'route'), perSecond(requests, 'method', 'route')),
        '{{method}} {{route}}',
      ),
    ],
    unit: 'percentunit',
    runbook: 'BorrowAvailabilityBurn',
  }),
  graph({
    title: 'Duration (p95), by route',
    description:
      '95 % of the requests to a route are answered faster than this. Streams stay open for long and are counted when they end. A route without traffic has no line.',
    size: [12, 9],
    queries: [
      over(
        quantile(0.95, rate(series('http_request_duration_seconds_bucket')), 'method', 'route'),
        '{{method}} {{route}}',
      ),
    ],
    unit: 's',
    runbook: 'BorrowLatencyBurn',
  }),
]

export const serviceSlo = boardOf({
  uid: 'service-slo',
  title: 'Service health and SLO',
  description:
    'Whether the promises about borrows hold, how fast their error budgets burn, and how the server is.',
  past: '1h',
  variables: [],
  rows: [
    { title: 'At a glance', panels: atAGlance },
    ...objectives.map(rowOf),
    { title: 'Requests by route', panels: byRoute },
    processRow,
  ],
})
