import type { LaneShape, RaceShape } from '../../race/api.ts'
import { h, setAttribute, setText } from '../dom.ts'
import { comparison } from './comparison.ts'
import { curve } from './curve.ts'
import { raceAt, realLength } from './moment.ts'
import { stations, stepList } from './stations.ts'
import { clockWords, factorWords, raceSummary } from './words.ts'

/** Whether what is seen happens now, or happened. */
export type Mark = 'live' | 'replay'

export interface RaceViewOptions {
  /** Only the newest so many steps of each lane; left out: all. */
  newestSteps?: number
}

export interface RaceView {
  /**
   * Draws a race.
   * @param atRealMs as it stood then; null: as it is
   * @param mark left out: a recording, or a race that is played back, is a replay
   */
  update(race: RaceShape, atRealMs: number | null, mark?: Mark): void
}

function lane(side: 'cloud' | 'vehicle', newestSteps: number | undefined) {
  const title = h('h3', { class: 'race-lane-title' })
  const replay = h('span', { class: 'race-chip', 'data-basis': 'replay' }, 'Replay')
  const live = h('span', { class: 'race-chip', 'data-basis': 'live' }, 'Live')
  const simulated = h('span', { class: 'race-chip', 'data-basis': 'simulated' }, 'Simulated')
  const clock = h('strong', { class: 'race-clock' })
  const words = h('span', { class: 'race-clock-words' })
  const drawing = curve(side)
  const way = stations()
  const steps = stepList(newestSteps)
  const element = h(
    'div',
    { class: `race-lane race-${side}`, role: 'group', 'aria-label': side === 'cloud' ? 'Cloud' : 'Vehicles' },
    h('div', { class: 'race-lane-head' }, title, side === 'cloud' ? live : simulated, replay),
    h('p', { class: 'race-time' }, clock, ' ', words),
    drawing.element,
    way.element,
    steps.element,
  )
  function update(shown: LaneShape, whole: LaneShape, { factor, traffic }: RaceShape, mark: Mark) {
    setText(title, shown.title)
    setText(clock, clockWords(shown))
    const real = traffic.simulated ? 'real, some users simulated' : 'real time'
    setText(words, side === 'cloud' ? real : `simulated, 1 s = ${factorWords(factor)}`)
    live.hidden = mark === 'replay'
    replay.hidden = mark === 'live'
    setAttribute(element, 'data-done', shown.done ? '' : null)
    drawing.update(shown, whole)
    way.update(shown)
    steps.update(shown)
  }
  return { element, update }
}

/** Draws the same incident on two paths into an element: two lanes, each with its clock, and the table at the end. */
export function raceView(root: HTMLElement, { newestSteps }: RaceViewOptions = {}): RaceView {
  const cloud = lane('cloud', newestSteps)
  const vehicle = lane('vehicle', newestSteps)
  const defect = h('p', { class: 'race-defect' })
  const table = comparison()
  const summary = h('p', { class: 'race-hidden' })
  root.classList.add('race')
  root.dataset.empty = ''
  root.append(
    defect,
    h('div', { class: 'race-lanes' }, cloud.element, vehicle.element),
    table.element,
    summary,
  )

  return {
    update(race, atRealMs, mark = race.recorded || atRealMs !== null ? 'replay' : 'live') {
      delete root.dataset.empty
      const shown = atRealMs === null ? race : raceAt(race, atRealMs)
      const isOver = atRealMs === null ? race.state !== 'running' : atRealMs >= realLength(race)
      setAttribute(root, 'data-over', isOver ? '' : null)
      setText(defect, `${race.defect} Release ${race.release.version} (${race.release.commit.slice(0, 7)}).`)
      cloud.update(shown.cloud, race.cloud, race, mark)
      vehicle.update(shown.vehicle, race.vehicle, race, mark)
      table.update(shown)
      setText(summary, raceSummary(shown))
    },
  }
}
