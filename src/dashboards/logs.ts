/** What the server wrote: how much, of what kind, and the lines themselves. */
import { JOB, series } from '../telemetry.ts'
import { boardOf } from './board.ts'
import { colour } from './colours.ts'
import { chosenLines, eventLines, linesPerSecond, perSecond, sum } from './expressions.ts'
import { LINES_PER_SECOND } from './panel.ts'
import { graph, logLines } from './panels.ts'
import { counted, lines, over } from './targets.ts'
import { eventVariable, levelVariable, requestIdVariable, searchVariable } from './variables.ts'

const written = series('log_lines_total', { level: { matches: '$level' }, event: { matches: '$event' } })
const levels = {
  debug: colour.neutral,
  info: colour.commit,
  warn: colour.overage,
  error: colour.bad,
  fatal: colour.special,
}
const about = { size: [12, 7], unit: LINES_PER_SECOND, isStacked: true } as const
const fromLoki = 'Counted by Loki from the lines that arrived. Empty without Loki.'
const fromPrometheus = 'Counted by the server as it writes, so it is here without Loki too.'

const volume = [
  graph({
    ...about,
    title: 'Lines per second by level (Loki)',
    description: `${fromLoki} Compare it with the graph beside: a difference is lines on their way, or lost.`,
    queries: [counted(linesPerSecond(chosenLines, 'level'), '{{level}}')],
    colours: levels,
  }),
  graph({
    ...about,
    title: 'Lines per second by level (Prometheus)',
    description: `${fromPrometheus} Empty until two scrapes have seen the counter.`,
    queries: [over(perSecond(written, 'level'), '{{level}}')],
    colours: levels,
  }),
  graph({
    ...about,
    title: 'Lines per second by event (Loki)',
    description: `${fromLoki} An event is what happened; each line names one.`,
    queries: [counted(linesPerSecond(chosenLines, 'event'), '{{event}}')],
  }),
  graph({
    ...about,
    title: 'Lines per second by event (Prometheus)',
    description: `${fromPrometheus} An event is what happened; each line names one.`,
    queries: [over(perSecond(written, 'event'), '{{event}}')],
  }),
]

const losses = [
  graph({
    title: 'Log lines lost, by output',
    description:
      'Lines that an output (stdout, file, loki) could not take, because it is full, gone or too slow. It should be a flat 0. Empty while the server is not scraped.',
    size: [8, 7],
    queries: [over(perSecond(series('log_lines_dropped_total'), 'output'), '{{output}}')],
    unit: LINES_PER_SECOND,
    runbook: 'LogLinesDropped',
  }),
  graph({
    title: 'Writes that failed, per minute',
    description:
      'Writes that an output refused: its lines wait for the next try and are not lost yet. It should be a flat 0. Empty while the server is not scraped.',
    size: [8, 7],
    queries: [over(`${perSecond(series('log_write_failures_total'), 'output')} * 60`, '{{output}}')],
    runbook: 'LogWritesFailing',
  }),
  graph({
    title: 'Log text that waits to be pushed to Loki',
    description:
      'Only where the server pushes its lines itself, without Promtail: text that Loki has not taken yet. A flat 0 otherwise.',
    size: [8, 7],
    queries: [over(sum(series('log_push_waiting_bytes')), 'waiting')],
    unit: 'bytes',
    colours: { waiting: colour.overage },
    runbook: 'LogLinesDropped',
  }),
]

const pages = [
  graph({
    title: 'Errors in pages, per minute',
    description:
      'Errors that browsers reported from our pages. A flat 0 is good. Counted by the server, so it is here without Loki too.',
    size: [10, 8],
    queries: [over(`${perSecond(series('frontend_errors_total'))} * 60`, 'errors')],
    unit: 'short',
    colours: { errors: colour.bad },
    runbook: 'FrontendErrorBurst',
  }),
  logLines({
    title: 'What pages reported',
    description:
      'What browsers reported, newest first, with the page and the request id. Empty without Loki, or when no page had an error in this time.',
    size: [14, 8],
    queries: [lines(eventLines('frontend_error'))],
    empty: 'no page reported an error',
    runbook: 'FrontendErrorBurst',
  }),
]

const reading = [
  logLines({
    title: 'Warnings and errors',
    description:
      'Lines of the levels warn, error and fatal, newest first, whatever is chosen above. Empty without Loki, or when all went well in this time.',
    size: [24, 9],
    queries: [lines(`{job="${JOB}", level=~"warn|error|fatal"}`)],
    empty: 'no warnings in this time',
  }),
  logLines({
    title: 'All lines that match the choice above',
    description:
      'Lines of the chosen levels and events with the text and request id typed above: put a request id there to follow one request from a page to the ledger. Empty without Loki, or when no line matches.',
    size: [24, 14],
    queries: [lines(`${chosenLines} |= "$request_id" |~ \`(?i)$search\``)],
    empty: 'no line matches',
  }),
]

export const logs = boardOf({
  uid: 'logs',
  title: 'Logs',
  description: 'What the server wrote, by level and event, and the lines themselves, to follow one request.',
  past: '15m',
  variables: [levelVariable(), eventVariable(), searchVariable(), requestIdVariable()],
  rows: [
    { title: 'How much is written', panels: volume },
    { title: 'Errors in pages', panels: pages },
    { title: 'Lines', panels: reading },
    { title: 'Lines that wait, and lines lost', panels: losses },
  ],
})
