/** How the server's process is: its own row, since it says nothing about what was promised. */
import { series } from '../telemetry.ts'
import type { Row } from './board.ts'
import { colour } from './colours.ts'
import { perSecond } from './expressions.ts'
import { LINES_PER_SECOND } from './panel.ts'
import { graph } from './panels.ts'
import { over } from './targets.ts'

const about = { size: [8, 7] } as const

export const processRow: Row = {
  title: 'The process',
  panels: [
    graph({
      ...about,
      title: 'Event-loop delay',
      description:
        'How late the server comes to its next task: all answers wait that long. Some milliseconds are normal. Empty while the server is not scraped.',
      queries: [
        over(series('nodejs_eventloop_lag_p50_seconds'), 'p50'),
        over(series('nodejs_eventloop_lag_p99_seconds'), 'p99'),
      ],
      unit: 's',
      colours: { p50: colour.good, p99: colour.special },
      runbook: 'BorrowLatencyBurn',
    }),
    graph({
      ...about,
      title: 'Commands that wait for the ledger',
      description:
        'Borrows and returns that wait for their turn at the database. Near 0 is normal; a rise means that it cannot keep up. Empty while the server is not scraped.',
      queries: [over(series('license_commands_waiting'), 'waiting')],
      colours: { waiting: colour.overage },
      runbook: 'BorrowLatencyBurn',
    }),
    graph({
      ...about,
      title: 'Log lines lost per second',
      description:
        'Log lines that an output (stdout, file, loki) could not take. It should be a flat 0: a lost line does not stop a borrow, but hides it. Empty while the server is not scraped.',
      queries: [over(perSecond(series('log_lines_dropped_total'), 'output'), '{{output}}')],
      unit: LINES_PER_SECOND,
      runbook: 'LogLinesDropped',
    }),
    graph({
      ...about,
      title: 'Processor',
      description:
        'Processor time in use; 100 % is one whole core. Empty until two scrapes have seen the counter.',
      queries: [over(perSecond(series('process_cpu_seconds_total')), 'cores')],
      unit: 'percentunit',
      colours: { cores: colour.commit },
    }),
    graph({
      ...about,
      title: 'Memory',
      description:
        'Memory of the process, and the part that its objects use (heap). Saw teeth are normal. Empty while the server is not scraped.',
      queries: [
        over(series('process_resident_memory_bytes'), 'process'),
        over(series('nodejs_heap_size_used_bytes'), 'heap'),
      ],
      unit: 'bytes',
      colours: { process: colour.commit, heap: colour.good },
    }),
    graph({
      ...about,
      title: 'Open files and sockets',
      description:
        'Files and connections that the process holds open: one for each live page, and some of its own. Empty where the system does not tell.',
      queries: [over(series('process_open_fds'), 'open')],
      colours: { open: colour.neutral },
    }),
  ],
}
