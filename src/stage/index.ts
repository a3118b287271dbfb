/** The pages that people see, the deck and its remote, and the way in for the audience. The only door to this folder. */
import type { OpenOptions } from '../db/open.ts'
import type { App } from '../http/context.ts'
import type { Topic } from '../http/event-streams.ts'
import type { Operations } from '../http/operation.ts'
import type { Sessions } from '../http/session.ts'
import type { LogRing } from '../observability/log-ring.ts'
import type { Log } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Clock } from '../shared/clock.ts'
import type { RoomFrame, StageFrame } from './api.ts'
import { createJoin, type JoinOptions } from './audience/join.ts'
import { createDeck } from './deck/deck.ts'
import { serveFrontendErrors } from './frontend-errors.ts'
import { servePages } from './pages.ts'
import { serveStageRoutes } from './routes.ts'
import { createStackHealth, type Part, type StackHealthOptions } from './stack-health.ts'
import { createStageStore } from './store.ts'

export { stageMigrations } from './migrations.ts'
export type { Part as StackPart } from './stack-health.ts'

export interface StageOptions extends JoinOptions {
  database: OpenOptions
  clock: Clock
  log: Log
  /** What the log tail shows. */
  recentLines: LogRing
  metrics: Metrics
  sessions: Sessions
  stack: StackHealthOptions['addresses']
  /** The parts of the stack in this process. */
  ownParts: () => Promise<Part[]>
  /** Phones that are joined, and open streams of all kinds. */
  presence: () => { joined: number; streams: number }
  running: () => { version: string; browserScript: number }
  /** Ends what the presenter set going. @returns how many borrows it ended */
  reset: (requestId: string) => Promise<number>
}

/** A rare write may hold the event loop for another program's lock this long, in ms. */
const LOCK_WAIT_MS = 250

export function createStage(options: StageOptions) {
  const { database, clock, log, metrics, sessions, presence, running } = options
  const store = createStageStore({
    ...database,
    busyTimeoutMs: Math.min(database.busyTimeoutMs, LOCK_WAIT_MS),
  })
  const deck = createDeck({ clock, startedAt: store.talkStart(), keepStart: store.keepTalkStart })
  const join = createJoin(options)
  const health = createStackHealth({ addresses: options.stack, clock, fetch, own: options.ownParts })

  const topics: Record<'room' | 'stage', Topic> = {
    room: {
      everyMs: 1000,
      async produce(): Promise<Omit<RoomFrame, 'at'>> {
        const { version, browserScript } = running()
        return { joined: presence().joined, version, browser_script: browserScript }
      },
    },
    stage: {
      everyMs: 250,
      produce: async (): Promise<Omit<StageFrame, 'at'>> => ({
        ...presence(),
        deck: deck.shape(),
        stack: await health.parts(),
      }),
    },
  }

  return {
    topics,
    serve(app: App, operations: Operations) {
      servePages(app, sessions)
      serveFrontendErrors(operations, { log, metrics })
      serveStageRoutes(operations, {
        deck,
        join,
        health,
        recentLines: options.recentLines,
        nameOf: sessions.nameOf,
        async reset(requestId) {
          const ended = await options.reset(requestId)
          deck.reset()
          log.warn('stage_reset', 'the demonstration begins anew', {
            request_id: requestId,
            borrows_ended: ended,
          })
          return ended
        },
      })
    },
    stop: store.close,
  }
}
