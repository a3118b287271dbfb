import type { RaceShape, RacesReply } from '../../race/api.ts'
import { call, session } from '../api.ts'
import { onPress } from '../busy.ts'
import { byId, h, setText } from '../dom.ts'
import { timeOfDay } from '../format.ts'
import { Problem } from '../problem.ts'
import { realLength } from '../race/moment.ts'
import { type RaceView, raceView } from '../race/race-view.ts'
import type { LivePart } from './live-parts.ts'

const PLAYS_MS = 36_000
const FRAME_MS = 125
const noRace =
  'No race was run here yet, and this build has no recording. The presenter starts one: the same defect goes into this server and into a simulated fleet.'

/** The newest race that came to its end here, else the recording. @throws Problem when there is neither */
async function keptRace(): Promise<RaceShape> {
  const { data } = await call<RacesReply>('/races')
  const newest = data.races.find(({ state }) => state === 'finished')
  return (await call<RaceShape>(newest ? `/races/${newest.id}` : '/races/recorded')).data
}

/** The race: live while one runs, else the newest finished one played back, else the recording that comes along. */
export function racePart(calm: boolean): LivePart {
  const words = h('p', { role: 'status' })
  const start = h('button', { type: 'button', class: 'primary', hidden: true }, 'Start the race')
  const rollBack = h('button', { type: 'button', class: 'primary', hidden: true }, 'Roll back now')
  const again = h('button', { type: 'button', hidden: true }, 'Play again')
  byId('race-controls').append(words, again, start, rollBack)
  const none = byId('race-none')
  const root = byId('race-root')
  const drawing = raceView(root, { newestSteps: 4 })
  const view: RaceView = {
    update(...race) {
      none.hidden = true
      drawing.update(...race)
    },
  }
  let running: RaceShape | null = null
  let played: RaceShape | null = null
  let isPresenter = false
  let asked = false
  let timer = 0

  function buttons() {
    const rolledBack = running?.cloud.steps.some(
      ({ name, at_ms: at }) => name === 'rolled_back' && at !== null,
    )
    start.hidden = !isPresenter || running !== null
    rollBack.hidden = !isPresenter || running === null || rolledBack === true
    again.hidden = running !== null || played === null
  }

  function stopPlayback() {
    clearInterval(timer)
    timer = 0
  }

  function origin({ recorded, started_at: at }: RaceShape): string {
    return recorded ? 'The recording' : `Run here, ${timeOfDay(at)}`
  }

  /** Plays a race that is over, faster, and stays at its end. */
  function play(race: RaceShape) {
    stopPlayback()
    played = race
    buttons()
    const length = realLength(race)
    if (calm) {
      setText(words, origin(race))
      return view.update(race, length)
    }
    const speed = Math.max(1, length / PLAYS_MS)
    setText(words, `${origin(race)}, ${Math.round(speed)} × as fast`)
    const from = performance.now()
    const draw = () => {
      const at = Math.min(length, (performance.now() - from) * speed)
      view.update(race, at)
      if (at >= length) stopPlayback()
    }
    timer = window.setInterval(draw, FRAME_MS)
    draw()
  }

  async function playKept() {
    if (asked) return
    asked = true
    try {
      const race = await keptRace()
      played = race
      if (!running) play(race)
    } catch {
      if (running) return
      // What is drawn may be of a race that was cancelled.
      root.dataset.empty = ''
      none.hidden = false
      setText(none, noRace)
      setText(words, '')
    }
  }

  function take(race: RaceShape | null) {
    if (race?.state === 'running') {
      stopPlayback()
      running = race
      asked = false
      setText(words, '')
      view.update(race, null)
    } else if (race?.state === 'finished') {
      const isSeen = running?.id === race.id
      running = null
      if (isSeen) {
        played = race
        setText(words, 'The race is over')
        view.update(race, null, 'live')
      } else if (played?.id !== race.id) play(race)
    } else {
      // A race that was cancelled, or broke off, has no end to show.
      const wasRunning = running !== null
      running = null
      if (!played) void playKept()
      else if (wasRunning) play(played)
    }
    buttons()
  }

  async function present(path: string) {
    try {
      take((await call<RaceShape>(path, { method: 'POST', body: {} })).data)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      setText(words, error.message)
    }
  }
  onPress(start, () => present('/races'))
  onPress(rollBack, () => present(`/races/${running?.id}/rollback`))
  onPress(again, async () => {
    if (played) play(played)
  })

  return {
    takes: { race: ({ race }) => take(race) },
    shown() {
      session().then(
        ({ data }) => {
          isPresenter = data.presenter
          buttons()
        },
        () => {},
      )
      if (!running && played) play(played)
      // A server that cannot be heard still has told, or may tell, of a recording.
      const waiting = window.setTimeout(() => !running && !played && void playKept(), 2500)
      return () => {
        clearTimeout(waiting)
        stopPlayback()
      }
    },
    async print() {
      setText(none, noRace)
      play(await keptRace())
    },
  }
}
