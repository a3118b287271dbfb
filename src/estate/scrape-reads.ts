/** What a scrape needs of the reports. */
import type { EstateFrame } from './api/pipeline.ts'
import type { EstateReads } from './observe.ts'
import type { EstateReader } from './reports/reader.ts'

/** How old the newest sample of a resource may be to count: the API's own. */
const MINUTES = 30

export const scrapeReads = (ask: EstateReader['ask'], stages: () => EstateFrame['stages']): EstateReads => ({
  stages,
  frame: () => ask('live', { minutes: MINUTES }),
  containers: () => ask('containersHealth', { minutes: MINUTES }),
  byRegion: () => ask('regionalSummary', { minutes: MINUTES }),
  byService: () => ask('servicePerformance', { hours: 1 }),
  instances: () => ask('availability', { hours: 1 }),
})
