import type { RaceShape, RacesReply } from '../../race/api.ts'
import { call } from '../api.ts'
import { byId, setText } from '../dom.ts'
import { openLive } from '../live.ts'
import { startPage } from '../page.ts'
import { Problem } from '../problem.ts'
import { raceView } from '../race/race-view.ts'
import { fillReport, listRuns } from '../race/report.ts'

const read = (id: string) => call<RaceShape>(`/races/${encodeURIComponent(id)}`)

/** The run that the address names; without one the newest, else the recording. */
async function find(id: string | null, newest: string | undefined): Promise<RaceShape | null> {
  try {
    return (await read(id ?? newest ?? 'recorded')).data
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 0 || error.status >= 500) throw error
    return null
  }
}

/** A run that goes on is drawn on. */
function follow(race: RaceShape, show: (race: RaceShape) => void) {
  const stop = openLive({
    race({ race: now }) {
      if (now?.id !== race.id) return
      show(now)
      if (now.state !== 'running') stop()
    },
    state() {},
  })
}

void startPage(async () => {
  const id = new URLSearchParams(location.search).get('id')
  const view = raceView(byId('race-root'))
  byId('print').addEventListener('click', () => print())
  const { data } = await call<RacesReply>('/races')
  listRuns(data)
  const race = await find(id, data.races[0]?.id)
  if (!race) {
    setText(
      byId('lead'),
      id
        ? 'There is no such run. Those that are kept are below.'
        : 'No race was run here yet, and this build has no recording.',
    )
    return
  }
  const show = (shown: RaceShape) => {
    view.update(shown, null)
    fillReport(shown)
  }
  show(race)
  if (race.state === 'running') follow(race, show)
})
