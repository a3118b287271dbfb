/** What vehicles say, on its way from the broker to the database. */
import { fleetLimits } from '../../rules/fleet-limits.ts'
import { fleetRecorded } from '../../rules/fleet-recorded.ts'
import { series } from '../../telemetry.ts'
import type { Row } from '../board.ts'
import { colour, steps } from '../colours.ts'
import { perMinute, perSecond, quantile, rate, share } from '../expressions.ts'
import { inWords } from '../mappings.ts'
import { figure, graph } from '../panels.ts'
import { now, over, type Query } from '../targets.ts'

const MESSAGES = 'suffix: messages/s'
const groups = series('fleet_ingest_group_size_count')
const A_MINUTE = 'suffix:/min'
const percentileColours = { p50: colour.good, p95: colour.overage, p99: colour.special }
const percentiles = (buckets: string): Query[] => [
  over(quantile(0.5, buckets), 'p50'),
  over(quantile(0.95, buckets), 'p95'),
  over(quantile(0.99, buckets), 'p99'),
]

const figures = [
  figure({
    title: 'MQTT broker',
    description:
      'Whether the server has a broker now: its own, or another. Empty while the server is not scraped.',
    size: [4, 4],
    queries: [now(series('fleet_broker_connected'))],
    mappings: inWords({ 0: ['Away', colour.bad], 1: ['There', colour.good] }),
    runbook: 'FleetBrokerAway',
  }),
  figure({
    title: 'Messages are',
    description:
      'Whether the disk takes what vehicles say. Held: they wait, nothing is lost. Empty while the server is not scraped.',
    size: [4, 4],
    queries: [now(series('fleet_ingest_blocked'))],
    mappings: inWords({ 0: ['Taken', colour.good], 1: ['Held', colour.bad] }),
    runbook: 'FleetIngestBlocked',
  }),
  figure({
    title: 'Messages per second',
    description:
      'Messages of vehicles that were taken, of all kinds. 0 without vehicles. It keeps its last value while the server is not scraped.',
    size: [4, 4],
    queries: [over(perSecond(series('fleet_messages_total')), 'taken')],
    unit: MESSAGES,
    decimals: 1,
    hasTrend: true,
    runbook: 'FleetTelemetryAbsent',
  }),
  figure({
    title: 'Telemetry delay (p95)',
    description:
      '95 % of the live samples of the last five minutes were in the database sooner than this after they were taken. Empty without live samples.',
    size: [4, 4],
    queries: [now(fleetRecorded.delay)],
    unit: 's',
    decimals: 2,
    empty: 'no samples',
    levels: steps(colour.good, [1, colour.overage], [fleetLimits.delaySeconds, colour.bad]),
    runbook: 'FleetTelemetryDelayed',
  }),
  figure({
    title: 'Set aside',
    description:
      'Of the messages of the last five minutes, the share that could not be used. Empty when nobody said anything.',
    size: [4, 4],
    queries: [now(fleetRecorded.deadShare)],
    unit: 'percentunit',
    decimals: 2,
    empty: 'no messages',
    levels: steps(
      colour.good,
      [fleetLimits.messagesDead / 10, colour.overage],
      [fleetLimits.messagesDead, colour.bad],
    ),
    runbook: 'FleetDeadLetters',
  }),
  figure({
    title: 'Messages waiting',
    description:
      'Messages that were received and are not durable yet; their vehicles wait for the word. It keeps its last value while the server is not scraped.',
    size: [4, 4],
    queries: [over(series('fleet_ingest_waiting'), 'waiting')],
    hasTrend: true,
    levels: steps(colour.good, [1000, colour.overage], [5000, colour.bad]),
    runbook: 'FleetIngestBlocked',
  }),
]

export const ingestRow: Row = {
  title: 'Ingest',
  panels: [
    ...figures,
    graph({
      title: 'Messages per second, by kind and outcome',
      description:
        'What vehicles sent, and what became of it: stored, duplicate (sent again, and known), or dead (set aside). Empty until two scrapes have seen a message.',
      size: [12, 8],
      queries: [over(perSecond(series('fleet_messages_total'), 'kind', 'outcome'), '{{kind}} {{outcome}}')],
      unit: MESSAGES,
      isStacked: true,
      runbook: 'FleetTelemetryAbsent',
    }),
    graph({
      title: 'Samples per second',
      description:
        'Telemetry samples: live, historical (kept in the vehicle while it was out of coverage), or duplicate. A flat 0 means that nobody sends.',
      size: [12, 8],
      queries: [over(perSecond(series('fleet_samples_total'), 'kind'), '{{kind}}')],
      unit: 'suffix: samples/s',
      isStacked: true,
      colours: { live: colour.good, historical: colour.commit, duplicate: colour.neutral },
      runbook: 'FleetTelemetryAbsent',
    }),
    graph({
      title: 'Telemetry delay',
      description:
        'From the taking of a live sample in the vehicle to the moment when it can be queried. Above the dashed 5 s (p95) somebody is told. Empty without live samples.',
      size: [8, 8],
      queries: percentiles(rate(series('fleet_telemetry_delay_seconds_bucket'))),
      unit: 's',
      limits: steps(colour.neutral, [fleetLimits.delaySeconds, colour.bad]),
      colours: percentileColours,
      runbook: 'FleetTelemetryDelayed',
    }),
    graph({
      title: 'Time to acknowledge a message',
      description:
        'From the arrival of a message to its acknowledgement, which is given once it is on the disk. Empty when nobody sends.',
      size: [8, 8],
      queries: percentiles(rate(series('fleet_ingest_duration_seconds_bucket'))),
      unit: 's',
      colours: percentileColours,
      runbook: 'FleetTelemetryDelayed',
    }),
    graph({
      title: 'Commands committed together',
      description:
        'How many commands share one sync of the disk: more when more arrive, so that the disk keeps up. Empty when nothing is written.',
      size: [8, 8],
      queries: [
        over(share(perSecond(series('fleet_ingest_group_size_sum')), perSecond(groups)), 'mean'),
        over(quantile(0.99, rate(series('fleet_ingest_group_size_bucket'))), 'p99'),
      ],
      colours: { mean: colour.good, p99: colour.special },
      runbook: 'FleetIngestBlocked',
    }),
    graph({
      title: 'Set aside per minute, by reason',
      description:
        'Messages that could not be used, by reason; they are kept for whoever looks into it. A flat 0, or no line, means that there were none.',
      size: [8, 8],
      queries: [over(perMinute(series('fleet_dead_letters_total'), 'reason'), '{{reason}}')],
      unit: A_MINUTE,
      isStacked: true,
      runbook: 'FleetDeadLetters',
    }),
    graph({
      title: 'Gaps, clocks and losses per minute',
      description:
        'Messages found missing, messages of a clock that was not believed, live samples a minute late, and samples that vehicles had no room to keep. A flat 0 is good.',
      size: [8, 8],
      queries: [
        over(perMinute(series('fleet_sequence_gaps_total')), 'gaps'),
        over(perMinute(series('fleet_clock_corrections_total')), 'clock corrected'),
        over(perMinute(series('fleet_samples_late_total')), 'late samples'),
        over(perMinute(series('fleet_samples_dropped_total')), 'dropped samples'),
      ],
      unit: A_MINUTE,
      colours: {
        gaps: colour.overage,
        'clock corrected': colour.special,
        'late samples': colour.commit,
        'dropped samples': colour.bad,
      },
      runbook: 'FleetTelemetryDelayed',
    }),
    graph({
      title: 'Messages that wait',
      description:
        'Messages that are received and not durable yet. Near 0 is normal; a rise means that the disk cannot keep up, or is full. Empty while the server is not scraped.',
      size: [8, 8],
      queries: [over(series('fleet_ingest_waiting'), 'waiting')],
      colours: { waiting: colour.overage },
      runbook: 'FleetIngestBlocked',
    }),
    graph({
      title: 'Connections to the own broker',
      description:
        'Vehicles that are connected to the broker in the server. 0 when none is; empty where another broker is used, which does not tell.',
      size: [8, 7],
      queries: [over(series('fleet_broker_connections'), 'connected')],
      colours: { connected: colour.commit },
      runbook: 'FleetBrokerAway',
    }),
    graph({
      title: 'Devices turned away per minute',
      description:
        'Connections and messages that the broker in the server refused: a wrong password, or another vehicle’s topic. A flat 0, or no line, means that there were none.',
      size: [8, 7],
      queries: [over(perMinute(series('fleet_broker_refusals_total'), 'reason'), '{{reason}}')],
      unit: A_MINUTE,
      isStacked: true,
      runbook: 'FleetBrokerAway',
    }),
    graph({
      title: 'Messages to vehicles not sent, per minute',
      description:
        'Commands and offers that could not be handed to the broker. What matters is sent again. A flat 0 is good.',
      size: [8, 7],
      queries: [over(perMinute(series('fleet_commands_failed_total')), 'not sent')],
      unit: A_MINUTE,
      colours: { 'not sent': colour.bad },
      runbook: 'FleetBrokerAway',
    }),
  ],
}
