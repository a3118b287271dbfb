/** What the page and the WebSocket are sent: read by the thread that reads, and what the stages say of themselves. */
import { type Clock, rfc3339 } from '../shared/clock.ts'
import type { EstateFrame, MetricsMessage } from './api/pipeline.ts'
import type { EstateReader } from './reports/reader.ts'

export interface LiveParts {
  ask: EstateReader['ask']
  stages: () => EstateFrame['stages']
  /** While history is generated; null: it is not. */
  history: () => EstateFrame['history']
  samplesPerSecond: () => number
  clock: Clock
}

/** How old the newest sample of a resource may be: the same as the API's own. */
const MINUTES = 30

export function createEstateLive({ ask, stages, history, samplesPerSecond, clock }: LiveParts) {
  return {
    async frame(): Promise<Omit<EstateFrame, 'at'>> {
      const live = await ask('live', { minutes: MINUTES })
      return {
        ...live,
        samples_per_second: Math.round(samplesPerSecond() * 10) / 10,
        stages: stages(),
        history: history(),
      }
    },
    async message(): Promise<MetricsMessage> {
      const { summary } = await ask('live', { minutes: MINUTES })
      return { timestamp: rfc3339(clock.now()), ...summary }
    },
  }
}
