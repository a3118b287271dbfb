/** How the estate is: its score, who is critical, how old what we know is. */
import { estateLimits } from '../../rules/estate-limits.ts'
import { estateRecorded } from '../../rules/estate-recorded.ts'
import { series } from '../../telemetry.ts'
import type { Row } from '../board.ts'
import { colour, steps } from '../colours.ts'
import { known, sum } from '../expressions.ts'
import { inWords } from '../mappings.ts'
import { figure, graph, timeline } from '../panels.ts'
import { now, over } from '../targets.ts'

const resources = (kind: string) => series('estate_resources', { kind })
const inStatus = (kind: string, status: string) => series('estate_resources', { kind, status })
const newestAge = `time() - ${series('estate_newest_sample_timestamp_seconds')}`
/** 0 stopped, 1 healthy, 2 failing; none for a stage that never spoke. */
const stages = known(`${series('estate_stage_up')} + ${series('estate_stage_failing')}`)
const noData = 'Empty without a sample in the last half hour.'
const byStatus = {
  healthy: colour.good,
  warning: colour.overage,
  degraded: colour.overage,
  critical: colour.bad,
  unhealthy: colour.bad,
}

export const estateNowRow: Row = {
  title: 'Estate now',
  panels: [
    figure({
      title: 'Health score',
      description: `Of 100: a quarter each for free CPU, memory and disk and for requests that succeed, less for critical servers. Below ${estateLimits.healthScore} somebody is told. Empty while it is unknown: no data is no health.`,
      size: [4, 4],
      queries: [now(known(series('estate_health_score')))],
      decimals: 0,
      empty: 'unknown',
      levels: steps(colour.bad, [estateLimits.healthScore, colour.overage], [75, colour.good]),
      runbook: 'EstateHealthScoreLow',
    }),
    figure({
      title: 'Servers',
      description: `Servers that sent a sample in the last half hour. ${noData}`,
      size: [4, 4],
      queries: [now(estateRecorded.servers)],
      empty: 'none',
      levels: steps(colour.commit),
      runbook: 'EstateNoSamples',
    }),
    figure({
      title: 'Servers critical',
      description: `The share of all servers that is critical. Above 2 % somebody is told. ${noData}`,
      size: [4, 4],
      queries: [now(estateRecorded.criticalShare)],
      unit: 'percentunit',
      decimals: 1,
      empty: 'none',
      levels: steps(
        colour.good,
        [estateLimits.serversCritical / 2, colour.overage],
        [estateLimits.serversCritical, colour.bad],
      ),
      runbook: 'EstateServersCritical',
    }),
    figure({
      title: 'Containers',
      description: `Containers that sent a sample in the last half hour. ${noData}`,
      size: [4, 4],
      queries: [now(known(sum(resources('container'))))],
      empty: 'none',
      levels: steps(colour.commit),
    }),
    figure({
      title: 'Newest sample',
      description:
        'How long ago the newest sample was taken that can be queried. After five minutes somebody is told. Empty while there is none.',
      size: [4, 4],
      queries: [now(known(newestAge))],
      unit: 's',
      decimals: 0,
      empty: 'none',
      levels: steps(colour.good, [60, colour.overage], [estateLimits.silentSeconds, colour.bad]),
      runbook: 'EstateNoSamples',
    }),
    figure({
      title: 'Anomalies that last',
      description: 'What the detectors find out of order now, one for each cause. Empty while nobody looks.',
      size: [4, 4],
      queries: [now(known(sum(series('estate_anomalies_open'))))],
      empty: 'unknown',
      levels: steps(colour.good, [1, colour.overage], [10, colour.bad]),
    }),
    graph({
      title: 'Health score over time',
      description: `The score, of 100. Below the dashed ${estateLimits.healthScore} somebody is told. Empty while it is unknown.`,
      size: [8, 8],
      queries: [over(known(series('estate_health_score')), 'score')],
      max: 100,
      limits: steps(colour.bad, [estateLimits.healthScore, colour.good]),
      colours: { score: colour.good },
      runbook: 'EstateHealthScoreLow',
    }),
    graph({
      title: 'Servers by status',
      description: `Servers by what their newest sample says. ${noData}`,
      size: [8, 8],
      queries: [over(known(sum(resources('server'), 'status')), '{{status}}')],
      isStacked: true,
      colours: byStatus,
      runbook: 'EstateServersCritical',
    }),
    timeline({
      title: 'Stages of the pipeline',
      description:
        'Each stage, by its own word: it runs, it cannot go on, or it has said nothing for 15 seconds. Empty for a stage that never spoke since the server started.',
      size: [8, 8],
      queries: [over(stages, '{{stage}}')],
      mappings: inWords({
        0: ['stopped', colour.bad],
        1: ['runs', colour.good],
        2: ['failing', colour.overage],
      }),
      runbook: 'EstateStageStopped',
    }),
    graph({
      title: 'Containers by health',
      description: `Containers by what their newest sample says. ${noData}`,
      size: [8, 7],
      queries: [over(known(sum(resources('container'), 'status')), '{{status}}')],
      isStacked: true,
      colours: byStatus,
    }),
    graph({
      title: 'Memory and restarts of containers',
      description: `Mean memory use, in percent of what each may use, and restarts of the last half hour. ${noData}`,
      size: [8, 7],
      queries: [
        over(known(series('estate_container_memory_average_percent')), 'memory (%)'),
        over(known(series('estate_container_restarts')), 'restarts'),
      ],
      colours: { 'memory (%)': colour.commit, restarts: colour.bad },
    }),
    graph({
      title: 'Instances of services',
      description: 'Instances that send their samples, and those that went silent. Empty without services.',
      size: [8, 7],
      queries: [
        over(known(inStatus('service', 'up')), 'up'),
        over(known(inStatus('service', 'silent')), 'silent'),
      ],
      isStacked: true,
      colours: { up: colour.good, silent: colour.bad },
      runbook: 'EstateNoSamples',
    }),
  ],
}
