/** Parse, call, shape. */
import type { AppContext } from '../http/context.ts'
import type { Operations } from '../http/operation.ts'
import { reply, respond } from '../http/reply.ts'
import type { LogRing } from '../observability/log-ring.ts'
import { Failure } from '../shared/errors.ts'
import type { DeckReply } from './api.ts'
import type { Join } from './audience/join.ts'
import { type Deck, handleOf } from './deck/deck.ts'
import { tailOf } from './log-tail.ts'
import * as operations from './operations.ts'
import { runOfShow } from './run-of-show.ts'
import type { StackHealth } from './stack-health.ts'

export interface StageParts {
  deck: Deck
  join: Join
  health: StackHealth
  recentLines: LogRing
  /** A one-way name of the visitor's browser session; null where there is none. */
  nameOf: (c: AppContext) => string | null
  /** @returns how many borrows it ended */
  reset: (requestId: string) => Promise<number>
}

export function serveStageRoutes({ serve }: Operations, parts: StageParts): void {
  const { deck, join, health, recentLines, nameOf, reset } = parts
  /** A client with the token and without a browser session is one of its own. */
  const who = (c: AppContext) => nameOf(c) ?? 'token'
  const told = (c: AppContext) => {
    const me = who(c)
    return reply(c, { ...deck.shape(), me: handleOf(me), driving: deck.isDriver(me) } satisfies DeckReply)
  }
  const picture = (c: AppContext, text: string) =>
    respond(c, text, { headers: { 'Content-Type': 'image/svg+xml', 'Cache-Control': 'no-cache' } })

  serve(operations.deckOperation, async (_input, c) => told(c))
  serve(operations.positionOperation, async ({ body }, c) => {
    deck.moved(body)
    return told(c)
  })
  serve(operations.commandOperation, async ({ body }, c) => {
    deck.command(who(c), body)
    return told(c)
  })
  serve(operations.driveOperation, async (_input, c) => {
    deck.drive(who(c))
    return told(c)
  })
  serve(operations.leaveOperation, async (_input, c) => {
    deck.leave(who(c))
    return told(c)
  })
  serve(operations.clockOperation, async (_input, c) => {
    deck.startClock()
    return told(c)
  })
  serve(operations.runOfShowOperation, async (_input, c) =>
    reply(c, {
      total_seconds: runOfShow.reduce((sum, { seconds }) => sum + seconds, 0),
      slides: runOfShow,
    }),
  )
  serve(operations.joinOperation, async (_input, c) => reply(c, join.reply()))
  serve(operations.joinCodeOperation, async (_input, c) => picture(c, await join.code()))
  serve(operations.wifiCodeOperation, async (_input, c) => {
    const code = await join.wifiCode()
    if (code === null) throw new Failure('not_found', 'WIFI_SSID is not set.')
    return picture(c, code)
  })
  serve(operations.stackOperation, async (_input, c) => reply(c, { parts: await health.parts() }))
  serve(operations.logOperation, async ({ query }, c) => reply(c, tailOf(recentLines, query)))
  serve(operations.resetOperation, async (_input, c) =>
    reply(c, { status: 'ok', borrows_ended: await reset(c.get('facts').requestId) }),
  )
}
