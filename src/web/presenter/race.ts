import type { LaneShape, RaceFrame, RaceShape } from '../../race/api.ts'
import { onPress } from '../busy.ts'
import { byId, h, setAttribute, setText } from '../dom.ts'
import { box, complainTo, numberField } from '../fleet/console/field.ts'
import { duration } from '../format.ts'
import { outcome } from '../outcome.ts'
import { Problem } from '../problem.ts'
import { adviceFor, attempt } from './attempt.ts'
import { showRaces } from './races.ts'
import * as server from './requests.ts'

const states: Record<RaceShape['state'], string> = {
  running: 'runs',
  finished: 'finished',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
}

/** One lane in a few lines. @param basis which numbers these are */
function lane(id: string, basis: string, unit: string) {
  const title = h('h3', {})
  const badge = h('span', { class: 'badge' }, basis)
  const now = h('p', { class: 'lane-now' })
  const words = h('p', { class: 'quiet' })
  const bar = h('progress', { max: 1, value: 0 })
  byId(id).append(h('div', { class: 'lane-head' }, title, badge), bar, now, words)
  return (shown: LaneShape, recorded: boolean) => {
    const reached = shown.steps.filter(({ at_ms }) => at_ms !== null)
    const latest = reached.reduce<LaneShape['steps'][number] | null>(
      (newest, step) => ((step.at_ms ?? 0) >= (newest?.at_ms ?? 0) ? step : newest),
      null,
    )
    setText(title, shown.title)
    setText(badge, recorded ? 'REPLAY' : latest?.basis === 'assumed' ? 'ASSUMED' : basis)
    bar.max = Math.max(1, shown.steps.length)
    bar.value = reached.length
    setAttribute(bar, 'aria-label', `Steps of: ${shown.title}`)
    setText(now, latest ? latest.title : 'Not begun')
    setText(
      words,
      `${duration(shown.elapsed_ms / 1000)}${shown.done ? ', done' : ''}, step ${reached.length} of ${shown.steps.length}, ${shown.hit} of ${shown.total} ${unit} hit`,
    )
  }
}

function form(said: ReturnType<typeof outcome>) {
  const factor = numberField('factor', 'Factor of the vehicle’s time', {
    value: '14400',
    min: 600,
    max: 86_400,
    step: 1,
    hint: 'Simulated seconds in a real one: 14,400 is four hours.',
  })
  const vehicles = numberField('vehicles', 'Vehicles', { value: '100', min: 10, max: 500, step: 1 })
  const autopilot = box('Autopilot: acknowledges and rolls back by itself')
  const ticked = autopilot.element.querySelector('input') as HTMLInputElement
  ticked.checked = true
  const start = h('button', { type: 'button', class: 'primary' }, 'Start the race')
  const fields = [factor, vehicles]
  onPress(
    start,
    async () => {
      said.clear()
      try {
        await server.startRace({
          factor: Number(factor.text()),
          vehicles: Number(vehicles.text()),
          autopilot: autopilot.ticked(),
        })
        complainTo(fields, [])
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        const rest = complainTo(fields, error.fields)
        said.say('bad', { what: 'Not started.', advice: [adviceFor(error), ...rest].join(' ') })
      }
    },
    1000,
  )
  byId('race-form').append(
    h('div', { class: 'fields' }, factor.element, vehicles.element),
    autopilot.element,
    h('div', { class: 'form-actions' }, start),
  )
  return start
}

/** The race in brief: start, both lanes, roll back, cancel, and the runs that are kept. */
export function showRace(): (frame: RaceFrame) => void {
  const said = outcome()
  const start = form(said)
  const back = byId<HTMLButtonElement>('race-back')
  const cancel = byId<HTMLButtonElement>('race-cancel')
  byId('race-outcome').append(said.element)
  const lanes = {
    cloud: lane('race-cloud', 'LIVE', 'users'),
    vehicle: lane('race-vehicle', 'SIMULATED', 'vehicles'),
  }
  const kept = showRaces()
  let race: RaceShape | null = null
  const onRace = (button: HTMLButtonElement, what: string, action: (id: string) => Promise<unknown>) =>
    onPress(
      button,
      async () => {
        const id = race?.id
        if (id) await attempt(said, what, () => action(id))
      },
      1000,
    )
  onRace(back, 'Not rolled back.', server.rollBackRace)
  onRace(cancel, 'Not cancelled.', server.cancelRace)

  return frame => {
    race = frame.race
    const running = race?.state === 'running'
    const hadFocus = !running && byId('race-now-actions').contains(document.activeElement)
    start.disabled = running
    byId('race-now-actions').hidden = !running
    if (hadFocus) byId('race-title').focus()
    byId('race-now').hidden = race === null
    byId('race-form').hidden = running
    setText(
      byId('race-state'),
      race === null
        ? 'No race was run here yet'
        : `${race.recorded ? 'The recording' : `The race with ${race.release.version}`} ${states[race.state]}`,
    )
    kept(race)
    if (race === null) return
    setText(
      byId('race-defect'),
      `${race.defect} One real second is ${duration(race.factor)} at the vehicles.`,
    )
    back.disabled = race.cloud.done
    lanes.cloud(race.cloud, race.recorded)
    lanes.vehicle(race.vehicle, race.recorded)
  }
}
