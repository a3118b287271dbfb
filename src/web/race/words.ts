import type { Basis, LaneShape, RaceShape, RowShape } from '../../race/api.ts'
import { percentOf, shortDuration } from '../format.ts'

/** What one real second stands for: `4 h`. @param factor simulated seconds in a real one */
export function factorWords(factor: number): string {
  const units: [number, string][] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ]
  const unit = units.find(([seconds]) => factor % seconds === 0)
  return unit ? `${factor / unit[0]} ${unit[1]}` : `${Math.round(factor)} s`
}

/** A lane's time in its own clock: `42 s`, `19 h`, `3 d 04 h`. */
export const laneTime = (ms: number): string => shortDuration(Math.round(ms / 1000))

/** The big clock. The real one counts seconds, the simulated one days and hours: neither jumps its width. */
export function clockWords({ clock, elapsed_ms: ms }: LaneShape): string {
  if (clock === 'real') return `${Math.round(ms / 1000)} s`
  const hours = Math.floor(ms / 3_600_000)
  return `${Math.floor(hours / 24)} d ${String(hours % 24).padStart(2, '0')} h`
}

export const basisWords: Record<Basis, string> = { live: 'Live', simulated: 'Simulated', assumed: 'Assumed' }

/** A value of the table in words; a dash where it is not known. */
export function rowWords(row: RowShape, side: 'cloud' | 'vehicle'): string {
  const value = row[side]
  if (value === null) return '–'
  if (row.measure !== 'hit') return laneTime(value)
  return `${value} ${side === 'cloud' ? 'users' : 'vehicles'}`
}

/** The newest point of a lane's curve that has a value. */
export const newestOf = ({ series }: LaneShape) => series.filter(({ value }) => value !== null).at(-1)

function laneSummary(lane: LaneShape): string {
  const reached = lane.steps
    .filter(step => step.at_ms !== null)
    .map(
      ({ title, at_ms: at, basis }) =>
        `${title} at ${laneTime(at ?? 0)}${basis === 'assumed' ? ' (assumed)' : ''}`,
    )
  const last = newestOf(lane)?.value
  const curve =
    last == null
      ? ''
      : lane.clock === 'real'
        ? ` ${percentOf(last)} of borrows fail.`
        : ` ${percentOf(last)} of vehicles are good.`
  const time = `${clockWords(lane)} ${lane.clock === 'real' ? 'real' : 'simulated'}`
  return `${lane.title}, ${time}: ${reached.join(', ') || 'no step reached'}.${curve}`
}

/** The picture in words, for who cannot see it. */
export const raceSummary = (race: RaceShape): string =>
  `${laneSummary(race.cloud)} ${laneSummary(race.vehicle)} One real second is ${factorWords(race.factor)} of simulated time.`
