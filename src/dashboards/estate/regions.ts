/** How loaded the servers of each region are. */
import { series } from '../../telemetry.ts'
import type { Row } from '../board.ts'
import { colour } from '../colours.ts'
import { known, sum } from '../expressions.ts'
import { bars, graph } from '../panels.ts'
import { over, rows } from '../targets.ts'
import { columns } from '../transformations.ts'

const chosen = { region: { matches: '$region' } }
const critical = known(sum(series('estate_servers_critical', chosen), 'region'))
const noData = 'Empty without a sample in the last half hour.'

const load = [
  { of: 'CPU', metric: 'estate_cpu_average_percent' },
  { of: 'Memory', metric: 'estate_memory_average_percent' },
  { of: 'Disk', metric: 'estate_disk_average_percent' },
] as const

export const regionsRow: Row = {
  title: 'Servers by region',
  panels: [
    ...load.map(({ of, metric }) =>
      graph({
        title: `${of} of servers, by region`,
        description: `Mean use of the servers of each chosen region; "here" is the machine that the server itself runs on. ${noData}`,
        size: [8, 8],
        queries: [over(known(series(metric, chosen)), '{{region}}')],
        unit: 'percent',
        max: 100,
        runbook: 'EstateServersCritical',
      }),
    ),
    graph({
      title: 'Critical servers, by region',
      description: `Servers that are critical now, in each chosen region. A flat 0 is good. ${noData}`,
      size: [12, 8],
      queries: [over(critical, '{{region}}')],
      isStacked: true,
      runbook: 'EstateServersCritical',
    }),
    bars({
      title: 'Load by region now',
      description: `Each bar is a region: mean use of CPU, memory and disk of its servers, in percent, side by side. ${noData}`,
      size: [12, 8],
      by: 'Region',
      queries: load.map(({ metric }) => rows(known(sum(series(metric, chosen), 'region')))),
      unit: 'percent',
      transformations: columns({
        region: 'Region',
        ...Object.fromEntries(load.map(({ of }, index) => [`Value #${'ABC'[index]}`, of])),
      }),
      colours: { CPU: colour.commit, Memory: colour.special, Disk: colour.overage },
    }),
  ],
}
