import type { RunOfShowReply } from '../../stage/api.ts'
import { byId, setText } from '../dom.ts'
import { showLinkState } from '../link-state.ts'
import { openLive } from '../live.ts'
import { Problem } from '../problem.ts'
import { adviceFor } from './attempt.ts'
import { showBurn } from './burn.ts'
import { showIncidents } from './incidents.ts'
import { keepAwake } from './keep-awake.ts'
import { showRace } from './race.ts'
import { showRelease } from './release.ts'
import { showRemote } from './remote.ts'
import * as server from './requests.ts'
import { showReset } from './reset.ts'
import { showRoom } from './room.ts'
import { showRunning } from './running.ts'
import { showScenarios } from './scenarios.ts'
import { showList } from './show-list.ts'
import { showStack } from './stack.ts'
import { showTraffic } from './traffic.ts'

/** Without it the remote still works: titles are then the slides' names. */
async function plan(): Promise<RunOfShowReply> {
  try {
    return (await server.runOfShow()).data
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    setText(byId('show-error'), `The run of show could not be read. ${adviceFor(error)}`)
    return { total_seconds: 0, slides: [] }
  }
}

/** Everything that the presenter does, on one stream. All that is shown is what the server said last. */
export async function startConsole(): Promise<void> {
  const show = await plan()
  const remote = showRemote(show)
  const list = showList(show, remote.go)
  const room = showRoom()
  const stack = showStack()
  const delivery = [showRunning(), showRelease(), showIncidents(), showBurn(), room.delivery]
  const rehearsal = [showTraffic(), showScenarios()]
  const race = showRace()
  showReset()
  keepAwake()
  openLive({
    state: showLinkState(byId('link-state')),
    stage(frame) {
      const mine = remote.stage(frame)
      list(frame.deck.position?.slide ?? null, mine)
      room.stage(frame)
      stack(frame)
    },
    delivery(frame) {
      for (const take of delivery) take(frame)
    },
    rehearsal(frame) {
      for (const take of rehearsal) take(frame)
    },
    race,
  })
}
