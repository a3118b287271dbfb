/** Parse, call, shape. */
import type { Operations } from '../http/operation.ts'
import { reply, replyCreated } from '../http/reply.ts'
import { Failure } from '../shared/errors.ts'
import type { RaceRequest, RaceShape } from './api.ts'
import * as operations from './operations.ts'

export interface RaceDesk {
  start(request: RaceRequest): Promise<RaceShape>
  /** @throws Failure `unknown_race` or `race_over` */
  rollback(id: string): RaceShape
  cancel(id: string): Promise<RaceShape>
  race(id: string): RaceShape | undefined
  newest(limit: number): RaceShape[]
  recorded(): RaceShape | null
}

const LIST_MAX = 100

export function serveRaces({ serve }: Operations, desk: RaceDesk): void {
  serve(operations.startOperation, async ({ body }, c) => replyCreated(c, await desk.start(body)))
  serve(operations.listOperation, async (_input, c) =>
    reply(c, {
      races: desk.newest(LIST_MAX).map(({ id, state, started_at, finished_at, table }) => ({
        id,
        state,
        started_at,
        finished_at,
        table,
      })),
    }),
  )
  serve(operations.recordedOperation, async (_input, c) => {
    const recorded = desk.recorded()
    if (!recorded) throw new Failure('unknown_race', 'This build has no recording.')
    return reply(c, recorded)
  })
  serve(operations.raceOperation, async ({ params, query }, c) => {
    const race = desk.race(params.id)
    if (!race) throw new Failure('unknown_race', 'There is no race with this id.')
    const file = `attachment; filename="race-${race.started_at.slice(0, 19).replaceAll(':', '-')}.json"`
    return reply(c, race, query.download === '1' ? { 'Content-Disposition': file } : {})
  })
  serve(operations.rollbackOperation, async ({ params }, c) => reply(c, desk.rollback(params.id)))
  serve(operations.cancelOperation, async ({ params }, c) => reply(c, await desk.cancel(params.id)))
}
