import type { AlertsFrame, DeliveryFrame } from '../delivery/api.ts'
import type { EstateFrame } from '../estate/api/pipeline.ts'
import type { FleetFrame } from '../fleet/api.ts'
import type { CampaignsFrame } from '../fleet/campaigns/api.ts'
import type { ActivityFrame, PoolsFrame } from '../licensing/api.ts'
import type { RaceFrame } from '../race/api.ts'
import type { RehearsalFrame } from '../scenarios/api.ts'
import type { RoomFrame, StageFrame } from '../stage/api.ts'
import { call } from './api.ts'

const EVERY_MS = 3000

/** What the server streams, by topic. */
export interface Frames {
  pools: PoolsFrame
  activity: ActivityFrame
  alerts: AlertsFrame
  fleet: FleetFrame
  campaigns: CampaignsFrame
  delivery: DeliveryFrame
  race: RaceFrame
  rehearsal: RehearsalFrame
  stage: StageFrame
  room: RoomFrame
  estate: EstateFrame
}

/** Takes a frame of one of the topics. */
export type Take = <Topic extends keyof Frames>(topic: Topic, frame: Frames[Topic]) => void

/** Fetches the state every three seconds, where no stream gets through. @returns stops it */
export function startPolling(
  topics: (keyof Frames)[],
  take: Take,
  tell: (works: boolean) => void,
): () => void {
  let stopped = false
  let timer = 0
  async function round() {
    try {
      const { data } = await call<Partial<Frames>>(`/stream/snapshot?topics=${topics.join(',')}`)
      if (stopped) return
      for (const topic of topics) {
        const frame = data[topic]
        if (frame) take(topic, frame)
      }
      tell(true)
    } catch {
      if (!stopped) tell(false)
    }
    if (!stopped) timer = window.setTimeout(round, EVERY_MS)
  }
  void round()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
