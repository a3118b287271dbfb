/** The machines that everything runs on: how they are, what they serve, and the pipeline that tells it. */
import { boardOf } from './board.ts'
import { anomaliesRow } from './estate/anomalies.ts'
import { estateLogRow } from './estate/log-lines.ts'
import { estateNowRow } from './estate/now.ts'
import { pipelineRow } from './estate/pipeline.ts'
import { readsRow } from './estate/reads.ts'
import { regionsRow } from './estate/regions.ts'
import { servicesRow } from './estate/services.ts'
import { estateRegionVariable, serviceVariable } from './variables.ts'

export const estate = boardOf({
  uid: 'estate',
  title: 'Estate',
  description:
    'Servers, containers and services in sums and means, and the pipeline that their samples take. Region chooses servers, service chooses services; everything else is of the whole estate. Single machines are on the page /estate.',
  past: '15m',
  variables: [estateRegionVariable(), serviceVariable()],
  rows: [estateNowRow, regionsRow, servicesRow, pipelineRow, anomaliesRow, readsRow, estateLogRow],
})
