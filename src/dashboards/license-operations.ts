/** Who holds seats, how borrowing goes, and what it costs. */
import { objectives } from '../delivery/objectives.ts'
import { series } from '../telemetry.ts'
import { boardOf } from './board.ts'
import { colour, steps } from './colours.ts'
import { events, perSecond, quantile, rate, share, sum } from './expressions.ts'
import { bars, figure, graph, table } from './panels.ts'
import { lines, now, over, rows } from './targets.ts'
import { columns, logFields } from './transformations.ts'
import { toolVariable } from './variables.ts'

const [, latency] = objectives
const tool = { tool: { matches: '$tool' } }
const attempts = series('license_borrow_attempts_total', tool)
const granted = series('license_borrow_success_total', tool)
const refused = series('license_borrow_failure_total', { ...tool, reason: { not: 'error' } })
const failed = series('license_borrow_failure_total', tool)
const held = series('licenses_borrowed', tool)
const aboveCommit = series('licenses_overage', tool)
const free = series('licenses_free', tool)
const total = series('licenses_total', tool)
const decisions = rate(series('license_borrow_duration_seconds_bucket', tool))

const atAGlance = [
  figure({
    title: 'Seats held',
    description:
      'Seats that somebody holds now, over the chosen tools. It keeps its last value while the server is not scraped.',
    size: [4, 4],
    queries: [over(sum(held), 'held')],
    hasTrend: true,
  }),
  figure({
    title: 'Seats free',
    description:
      'Seats that can be granted now: 0 means that the next borrow is refused. It keeps its last value while the server is not scraped.',
    size: [4, 4],
    queries: [over(sum(free), 'free')],
    hasTrend: true,
    levels: steps(colour.bad, [1, colour.good]),
    runbook: 'PoolExhausted',
  }),
  figure({
    title: 'Borrows per second',
    description:
      'Borrows asked for, granted or not. Empty until two scrapes have seen the counter; it keeps its last value while the server is not scraped.',
    size: [4, 4],
    queries: [over(perSecond(attempts), 'asked for')],
    unit: 'reqps',
    decimals: 1,
    hasTrend: true,
  }),
  figure({
    title: 'Share refused',
    description:
      'Of the borrows asked for, the share that was refused by a rule (no seat, overage limit, spend cap, unknown tool). Our own failures are not in it. Empty when nobody borrows.',
    size: [4, 4],
    queries: [now(share(perSecond(refused), perSecond(attempts)))],
    unit: 'percentunit',
    decimals: 1,
    empty: 'no traffic',
    levels: steps(colour.good, [0.05, colour.overage], [0.25, colour.bad]),
    runbook: 'PoolExhausted',
  }),
  figure({
    title: 'Overage charged',
    description:
      'Everything charged so far for seats above the commit. It comes from the ledger, so a restart keeps it. Empty while the server is not scraped.',
    size: [4, 4],
    queries: [now(sum(series('license_overage_cost_currency', tool)))],
    unit: 'currencyUSD',
    decimals: 0,
    levels: steps(colour.overage),
    runbook: 'OverageShareHigh',
  }),
  figure({
    title: 'Live streams',
    description:
      'Pages that follow the server live, each on an open stream. 0 when no page is open anywhere. It keeps its last value while the server is not scraped.',
    size: [4, 4],
    queries: [over(sum(series('live_streams_open')), 'open')],
    hasTrend: true,
  }),
]

const seats = [
  graph({
    title: 'Seats in use, by tool',
    description:
      'Held seats as a share of all seats. The dashed line of a tool is its commit: above it every borrow costs extra. Empty for a tool without seats.',
    size: [12, 8],
    queries: [
      over(share(sum(held, 'tool'), sum(total, 'tool')), '{{tool}}'),
      over(share(sum(series('licenses_commit', tool), 'tool'), sum(total, 'tool')), '{{tool}}: commit'),
    ],
    unit: 'percentunit',
    max: 1,
    dashed: { matching: '/: commit$/', colour: colour.commit },
    runbook: 'PoolExhausted',
  }),
  bars({
    title: 'Prepaid, overage and free seats now',
    description:
      'Each bar is a tool: held seats inside the commit, held seats above it, and seats that can still be granted. Empty while the server is not scraped.',
    size: [12, 8],
    by: 'Tool',
    queries: [
      rows(`${sum(held, 'tool')} - ${sum(aboveCommit, 'tool')}`),
      rows(sum(aboveCommit, 'tool')),
      rows(sum(free, 'tool')),
    ],
    transformations: columns({
      tool: 'Tool',
      'Value #A': 'Held, prepaid',
      'Value #B': 'Held, overage',
      'Value #C': 'Free',
    }),
    colours: { 'Held, prepaid': colour.commit, 'Held, overage': colour.overage, Free: colour.good },
    runbook: 'OverageShareHigh',
  }),
]

const borrowing = [
  graph({
    title: 'Borrows and returns per second',
    description:
      'Borrows asked for and granted, and seats given back. The gap between asked for and granted is what was refused. Empty until two scrapes have seen the counters.',
    size: [12, 8],
    queries: [
      over(perSecond(attempts), 'Asked for'),
      over(perSecond(granted), 'Granted'),
      over(perSecond(series('license_returns_total', tool)), 'Returned'),
    ],
    unit: 'reqps',
    colours: { 'Asked for': colour.neutral, Granted: colour.good, Returned: colour.commit },
  }),
  graph({
    title: 'Refused borrows by reason',
    description:
      'Why borrows were not granted: exhausted (no seat), max_overage, spend_cap, unknown_tool; error is our own fault. A flat 0 means that every borrow was granted.',
    size: [12, 8],
    queries: [over(perSecond(failed, 'reason'), '{{reason}}')],
    unit: 'reqps',
    isStacked: true,
    colours: {
      exhausted: colour.overage,
      max_overage: colour.commit,
      spend_cap: colour.special,
      unknown_tool: colour.neutral,
      error: colour.bad,
    },
    runbook: 'PoolExhausted',
  }),
  graph({
    title: 'Time to decide a borrow',
    description:
      'Half of the borrows are decided faster than p50, 95 % faster than p95, 99 % faster than p99; above the dashed 250 ms a borrow counts as slow. Points are single requests: click one for its request id. Empty when nobody borrows.',
    size: [12, 8],
    queries: [
      over(quantile(0.5, decisions), 'p50'),
      over(quantile(0.95, decisions), 'p95'),
      over(quantile(0.99, decisions), 'p99', { exemplars: true }),
    ],
    unit: 's',
    limits: steps(colour.neutral, [latency.seconds, colour.bad]),
    colours: { p50: colour.good, p95: colour.overage, p99: colour.special },
    runbook: 'BorrowLatencyBurn',
  }),
  graph({
    title: 'Leases ended per second',
    description:
      'How leases ended: given back by the holder, run out by time, or taken back by the presenter. A flat 0 means that nobody gave a seat up.',
    size: [12, 8],
    queries: [
      over(perSecond(series('license_returns_total', tool)), 'Returned'),
      over(perSecond(series('license_expiries_total', tool)), 'Expired'),
      over(perSecond(series('license_revocations_total', tool)), 'Revoked'),
    ],
    unit: 'reqps',
    isStacked: true,
    colours: { Returned: colour.good, Expired: colour.neutral, Revoked: colour.bad },
  }),
]

const money = [
  graph({
    title: 'Overage charged so far, by tool',
    description:
      'All that was charged for seats above the commit, as the ledger has it. It only rises. Flat where nobody borrows above the commit.',
    size: [12, 7],
    queries: [over(sum(series('license_overage_cost_currency', tool), 'tool'), '{{tool}}')],
    unit: 'currencyUSD',
    runbook: 'OverageShareHigh',
  }),
  graph({
    title: 'Overage charged per minute, by tool',
    description:
      'How fast overage costs money at the present rate of borrowing. A flat 0 means that all borrows are inside the commit.',
    size: [12, 7],
    queries: [
      over(`${perSecond(series('license_overage_charged_currency_total', tool), 'tool')} * 60`, '{{tool}}'),
    ],
    unit: 'currencyUSD',
    isStacked: true,
    runbook: 'OverageShareHigh',
  }),
]

const people = [
  table({
    title: 'Who borrowed what (from the log)',
    description:
      'The newest borrow events of the log. It shows events, not the truth of the ledger: a seat in this list may have been given back since. Empty without Loki, or when nobody borrowed in this time.',
    size: [24, 8],
    queries: [lines(`${events('borrow_license')} | tool=~"$tool"`)],
    transformations: logFields('Borrowed at', {
      tool: 'Tool',
      user: 'User',
      is_overage: 'Above the commit',
      borrow_id: 'Borrow',
      request_id: 'Request',
    }),
    empty: 'no borrows in this time',
  }),
]

export const licenseOperations = boardOf({
  uid: 'license-operations',
  title: 'License operations',
  description: 'Seats, borrows, refusals and what overage costs, by tool.',
  past: '15m',
  variables: [toolVariable()],
  rows: [
    { title: 'At a glance', panels: atAGlance },
    { title: 'Seats', panels: seats },
    { title: 'Borrowing', panels: borrowing },
    { title: 'What overage costs', panels: money },
    { title: 'Who borrowed', panels: people },
  ],
})
