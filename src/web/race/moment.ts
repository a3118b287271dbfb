import type { LaneShape, RaceShape } from '../../race/api.ts'

/** How long a race took, in real ms: the slower lane counts. */
export const realLength = ({ cloud, vehicle, factor }: RaceShape): number =>
  Math.max(cloud.elapsed_ms, vehicle.elapsed_ms / factor)

function laneAt(lane: LaneShape, ms: number): LaneShape {
  return {
    ...lane,
    elapsed_ms: Math.min(ms, lane.elapsed_ms),
    done: lane.done && ms >= lane.elapsed_ms,
    steps: lane.steps.map(step => {
      const isAhead = step.at_ms !== null && step.at_ms > ms
      return isAhead ? { ...step, at_ms: null, detail: null } : step
    }),
    series: lane.series.filter(({ at_ms: at }) => at <= ms),
  }
}

/**
 * A race as it stood at an instant: each lane cut at its own time.
 * @param realMs since the start, real; the right lane stands at `realMs × factor`
 */
export function raceAt(race: RaceShape, realMs: number): RaceShape {
  const cloud = laneAt(race.cloud, realMs)
  const vehicle = laneAt(race.vehicle, realMs * race.factor)
  const isOver = realMs >= realLength(race)
  const until = (value: number | null, lane: LaneShape, isTime: boolean) =>
    value === null || (isTime ? value > lane.elapsed_ms : !isOver) ? null : value
  return {
    ...race,
    cloud,
    vehicle,
    table: race.table.map(row => ({
      ...row,
      cloud: until(row.cloud, cloud, row.measure !== 'hit'),
      vehicle: until(row.vehicle, vehicle, row.measure !== 'hit'),
    })),
  }
}
