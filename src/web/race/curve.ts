import type { LaneShape } from '../../race/api.ts'
import { setAttribute, setText, svg } from '../dom.ts'
import { percentOf } from '../format.ts'
import { laneTime, newestOf } from './words.ts'

const WIDTH = 560
const HEIGHT = 132
const TOP = 24
/** What the word at the end of a curve takes, and its distance. */
const WORD_WIDTH = 255
/** Below the picture, for the words of the axis. */
const FOOT = 30

const yOf = (value: number, most: number) => HEIGHT - (Math.min(value, most) / most) * (HEIGHT - TOP)

/** The frame is as wide as the next of these, so that it seldom moves. */
const realFrames = [30_000, 60_000, 120_000, 180_000, 300_000, 600_000]
const DAY_MS = 86_400_000
const simulatedFrames = [7, 14, 21, 28, 42, 56, 84, 112, 168, 364].map(days => days * DAY_MS)

function frameOf({ clock }: LaneShape, ms: number): number {
  const frames = clock === 'real' ? realFrames : simulatedFrames
  return frames.find(frame => frame >= ms) ?? ms
}

function path(lane: LaneShape, frame: number, most: number): string {
  let pen = 'M'
  return lane.series
    .map(({ at_ms: at, value }) => {
      if (value === null) {
        pen = 'M'
        return ''
      }
      const point = `${pen}${((at / frame) * WIDTH).toFixed(1)} ${yOf(value, most).toFixed(1)}`
      pen = 'L'
      return point
    })
    .join('')
}

const wordsOf = (side: 'cloud' | 'vehicle', value: number) =>
  `${percentOf(value)} ${side === 'cloud' ? 'of borrows fail' : 'of vehicles good'}`

/** A lane's curve with a word at its end. @returns the element, and how it takes a newer lane */
export function curve(side: 'cloud' | 'vehicle') {
  const line = svg('path', { class: 'race-line' })
  const steps = svg('g', { class: 'race-marks' })
  const end = svg('circle', { class: 'race-end', r: 7 })
  const word = svg('text', { class: 'race-word' })
  const top = svg('text', { class: 'race-axis', x: 0, y: TOP - 6 })
  const last = svg('text', { class: 'race-axis', x: WIDTH, y: HEIGHT + 24, 'text-anchor': 'end' })
  const first = svg('text', { class: 'race-axis', x: 0, y: HEIGHT + 24 }, '0')
  const element = svg(
    'svg',
    {
      class: 'race-curve',
      viewBox: `0 0 ${WIDTH} ${HEIGHT + FOOT}`,
      'aria-hidden': 'true',
      focusable: 'false',
    },
    svg('path', { class: 'race-grid', d: `M0 ${TOP}H${WIDTH}M0 ${HEIGHT}H${WIDTH}` }),
    steps,
    top,
    first,
    last,
    line,
    end,
    word,
  )

  /** @param whole the lane to its end, when it is known: the frame holds it from the start */
  function update(lane: LaneShape, whole: LaneShape) {
    const frame = frameOf(lane, Math.max(whole.elapsed_ms, 1))
    const highest = Math.max(0, ...whole.series.map(({ value }) => value ?? 0))
    const most = side === 'vehicle' ? 1 : ([0.1, 0.25, 0.5, 1].find(step => step >= highest) ?? 1)
    setText(top, percentOf(most))
    setText(last, laneTime(frame))
    setAttribute(line, 'd', path(lane, frame, most))
    const marks = lane.steps
      .flatMap(({ at_ms: at }) => (at === null ? [] : [((at / frame) * WIDTH).toFixed(1)]))
      .map(x => `M${x} ${HEIGHT}v-9`)
      .join('')
    steps.replaceChildren(svg('path', { d: marks }))
    const newest = newestOf(lane)
    setAttribute(end, 'visibility', newest ? null : 'hidden')
    if (newest?.value == null) return setText(word, '')
    const x = (newest.at_ms / frame) * WIDTH
    const y = yOf(newest.value, most)
    setAttribute(end, 'cx', x.toFixed(1))
    setAttribute(end, 'cy', y.toFixed(1))
    const isQuiet = side === 'cloud' && newest.value === 0
    setText(word, isQuiet ? 'none fails' : wordsOf(side, newest.value))
    // Where the curve is not: beside its end; where there is no room, above it, or above all of it.
    const fits = x + WORD_WIDTH < WIDTH
    const isAbove = !fits && side === 'cloud' && !isQuiet
    const right = isAbove ? WIDTH : Math.min(WIDTH, x + (isQuiet ? 60 : 10))
    const above = isAbove ? TOP - 6 : Math.max(14, y - 16)
    setAttribute(word, 'text-anchor', fits ? 'start' : 'end')
    setAttribute(word, 'x', (fits ? x + 16 : right).toFixed(1))
    setAttribute(word, 'y', (fits ? Math.min(HEIGHT - 14, y + 8) : above).toFixed(1))
  }
  return { element, update }
}
