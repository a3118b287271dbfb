import type { AlertsFrame } from '../delivery/api.ts'
import type { ActivityFrame, PoolsFrame } from '../licensing/api.ts'
import { call } from './api.ts'

const EVERY_MS = 3000

interface Frames {
  pools: PoolsFrame
  activity: ActivityFrame
  alerts: AlertsFrame
}

type Take = { [Topic in keyof Frames]: (frame: Frames[Topic]) => void }

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
      if (data.pools && topics.includes('pools')) take.pools(data.pools)
      if (data.activity && topics.includes('activity')) take.activity(data.activity)
      if (data.alerts && topics.includes('alerts')) take.alerts(data.alerts)
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
