/** What machines say, on its way from the broker through the lake to the database. */
import { estateLimits } from '../../rules/estate-limits.ts'
import { estateRecorded } from '../../rules/estate-recorded.ts'
import { series } from '../../telemetry.ts'
import type { Row } from '../board.ts'
import { colour, steps } from '../colours.ts'
import { known, perMinute, perSecond, quantile, rate, share } from '../expressions.ts'
import { inWords } from '../mappings.ts'
import { figure, graph } from '../panels.ts'
import { now, over, type Query } from '../targets.ts'

const SAMPLES = 'suffix: samples/s'
const A_MINUTE = 'suffix:/min'
const objects = series('estate_lake_objects_total')
const percentileColours = { p50: colour.good, p95: colour.overage, p99: colour.special }
const percentiles = (buckets: string): Query[] => [
  over(quantile(0.5, buckets), 'p50'),
  over(quantile(0.95, buckets), 'p95'),
  over(quantile(0.99, buckets), 'p99'),
]

const figures = [
  figure({
    title: 'Samples per second',
    description:
      'Samples that the ingestion made durable. 0 when nobody sends. It keeps its last value while the server is not scraped.',
    size: [6, 4],
    queries: [over(perSecond(series('estate_ingested_samples_total')), 'taken')],
    unit: SAMPLES,
    decimals: 1,
    hasTrend: true,
    runbook: 'EstateNoSamples',
  }),
  figure({
    title: 'Sample to queryable (p95)',
    description:
      '95 % of the live samples of the last five minutes could be queried sooner than this after they were taken. Under 5 s is aimed at. Empty without live samples.',
    size: [6, 4],
    queries: [now(known(estateRecorded.delay))],
    unit: 's',
    decimals: 2,
    empty: 'no samples',
    levels: steps(colour.good, [5, colour.overage], [estateLimits.lagSeconds, colour.bad]),
    runbook: 'EstateStageLagging',
  }),
  figure({
    title: 'Samples set aside, share',
    description:
      'Of the samples of the last five minutes, the share that could not be used. Empty when nobody sent any.',
    size: [6, 4],
    queries: [now(estateRecorded.deadShare)],
    unit: 'percentunit',
    decimals: 2,
    empty: 'no samples',
    levels: steps(
      colour.good,
      [estateLimits.samplesDead / 10, colour.overage],
      [estateLimits.samplesDead, colour.bad],
    ),
    runbook: 'EstateDeadLetters',
  }),
  figure({
    title: 'The lake',
    description:
      'Whether the lake takes what the ingestion of this process has. Held: samples wait, nothing is lost. Empty while the server is not scraped.',
    size: [6, 4],
    queries: [now(series('estate_lake_failing'))],
    mappings: inWords({ 0: ['Takes', colour.good], 1: ['Held', colour.bad] }),
    runbook: 'EstateLakeFailing',
  }),
]

export const pipelineRow: Row = {
  title: 'Pipeline',
  panels: [
    ...figures,
    graph({
      title: 'Samples ingested per second, by kind',
      description: 'What the ingestion made durable in the lake. A flat 0 means that nobody sends.',
      size: [8, 8],
      queries: [over(perSecond(series('estate_ingested_samples_total'), 'kind'), '{{kind}}')],
      unit: SAMPLES,
      isStacked: true,
      runbook: 'EstateNoSamples',
    }),
    graph({
      title: 'Samples transformed per second, by outcome',
      description:
        'What the transformer took from the lake: stored, duplicate (sent again, and known), or dead (set aside). A flat 0 means that nothing came.',
      size: [8, 8],
      queries: [over(perSecond(series('estate_samples_total'), 'outcome'), '{{outcome}}')],
      unit: SAMPLES,
      isStacked: true,
      colours: { stored: colour.good, duplicate: colour.neutral, dead: colour.bad },
      runbook: 'EstateDeadLetters',
    }),
    graph({
      title: 'Samples set aside per minute, by reason',
      description:
        'Samples and messages that could not be used, by the stage that judged them and why; they are kept for whoever looks into it. A flat 0 is good.',
      size: [8, 8],
      queries: [
        over(perMinute(series('estate_dead_letters_total'), 'stage', 'reason'), '{{stage}}: {{reason}}'),
      ],
      unit: A_MINUTE,
      isStacked: true,
      runbook: 'EstateDeadLetters',
    }),
    graph({
      title: 'Sample to queryable',
      description:
        'From the taking of the newest live sample of an object to the moment when it can be queried. Empty without live samples.',
      size: [8, 8],
      queries: percentiles(rate(series('estate_sample_delay_seconds_bucket'))),
      unit: 's',
      colours: percentileColours,
      runbook: 'EstateStageLagging',
    }),
    graph({
      title: 'Lag of each stage',
      description: `How old the oldest is that waits before a stage. Above the dashed ${estateLimits.lagSeconds} s somebody is told. Empty for a stage that does not speak.`,
      size: [8, 8],
      queries: [over(known(series('estate_stage_lag_seconds')), '{{stage}}')],
      unit: 's',
      limits: steps(colour.good, [estateLimits.lagSeconds, colour.bad]),
      runbook: 'EstateStageLagging',
    }),
    graph({
      title: 'Waiting before each stage',
      description:
        'Samples before the ingestion, objects before the transformer. Near 0 is normal. Empty for a stage that does not speak.',
      size: [8, 8],
      queries: [over(known(series('estate_stage_waiting')), '{{stage}}')],
      runbook: 'EstateStageLagging',
    }),
    graph({
      title: 'Since each stage last succeeded',
      description:
        'How long ago a stage last dealt with something. It only rises while nothing comes, or while the stage fails. Empty for a stage that never did.',
      size: [8, 8],
      queries: [
        over(known(`time() - ${series('estate_stage_last_success_timestamp_seconds')}`), '{{stage}}'),
      ],
      unit: 's',
      runbook: 'EstateStageStopped',
    }),
    graph({
      title: 'Objects written to the lake per minute',
      description:
        'Each is a batch of one kind and hour; dead are messages that could not be read. A flat 0 means that nobody sends.',
      size: [8, 8],
      queries: [over(perMinute(objects, 'kind'), '{{kind}}')],
      unit: A_MINUTE,
      isStacked: true,
      runbook: 'EstateLakeFailing',
    }),
    graph({
      title: 'Bytes written to the lake',
      description: 'Compressed, by the second. A flat 0 means that nobody sends.',
      size: [8, 8],
      queries: [over(perSecond(series('estate_lake_bytes_total'), 'kind'), '{{kind}}')],
      unit: 'Bps',
      isStacked: true,
      runbook: 'EstateLakeFailing',
    }),
    graph({
      title: 'Bytes of an object, mean',
      description:
        'Small objects are slow to take again: a batch ends after a second, or when it is large. Empty when nothing is written.',
      size: [6, 7],
      queries: [over(share(perSecond(series('estate_lake_bytes_total')), perSecond(objects)), 'mean')],
      unit: 'bytes',
      colours: { mean: colour.commit },
    }),
    graph({
      title: 'Time to write a batch',
      description:
        'From the first attempt to its being durable; a message is acknowledged then. Empty when nothing is written.',
      size: [6, 7],
      queries: percentiles(rate(series('estate_lake_write_seconds_bucket'))),
      unit: 's',
      colours: percentileColours,
      runbook: 'EstateLakeFailing',
    }),
    graph({
      title: 'Time to transform an object',
      description: 'From its reading to its rows being durable. Empty when nothing is transformed.',
      size: [6, 7],
      queries: percentiles(rate(series('estate_transform_seconds_bucket'))),
      unit: 's',
      colours: percentileColours,
      runbook: 'EstateStageLagging',
    }),
    graph({
      title: 'Lake failures and refusals per minute',
      description:
        'Failures of the lake by what is wrong, and devices that the broker in the server turned away. A flat 0 is good.',
      size: [6, 7],
      queries: [
        over(perMinute(series('estate_lake_failures_total'), 'problem'), 'lake: {{problem}}'),
        over(perMinute(series('estate_broker_refusals_total'), 'reason'), 'refused: {{reason}}'),
      ],
      unit: A_MINUTE,
      runbook: 'EstateLakeFailing',
    }),
  ],
}
