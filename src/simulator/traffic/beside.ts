/** Simulated people in the server's own process, by the same requests as any others. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../../shared/clock.ts'
import { seededRandom } from '../../shared/random.ts'
import { startTraffic, type TrafficPlan, type TrafficRun } from '../traffic.ts'
import type { Send } from './send.ts'

export interface TrafficBeside extends TrafficPlan {
  seed: number
  /** Told about once a second. */
  onProgress: () => void
  /** It begins when this is settled. */
  after: Promise<unknown>
}

/** Makes traffic that lasts until it is stopped, and does not keep the process from ending. */
export const trafficBeside =
  (send: Send, clock: Clock) =>
  ({ seed, ...plan }: TrafficBeside): TrafficRun =>
    startTraffic({
      ...plan,
      send,
      clock,
      random: seededRandom(seed),
      seconds: Number.POSITIVE_INFINITY,
      wait: ms => wait(ms, undefined, { ref: false }),
    })
