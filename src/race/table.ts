/** The comparison at the end of a race. Pure. */
import type { LaneShape, RowShape } from './api.ts'

const timeOf = ({ steps }: LaneShape, name: string) => steps.find(step => step.name === name)?.at_ms ?? null

/** Times count from the release, in each lane's own time, ms. */
export function tableOf(cloud: LaneShape, vehicle: LaneShape): RowShape[] {
  return [
    {
      measure: 'detect',
      title: 'Until somebody is told',
      cloud: timeOf(cloud, 'alert'),
      vehicle: timeOf(vehicle, 'ticket'),
    },
    {
      measure: 'localise',
      title: 'Until version and part are known',
      cloud: timeOf(cloud, 'localised'),
      vehicle: timeOf(vehicle, 'supplier'),
    },
    {
      measure: 'recover',
      title: 'Until it works again',
      cloud: timeOf(cloud, 'recovered'),
      vehicle: timeOf(vehicle, 'most_good'),
    },
    {
      measure: 'hit',
      title: 'Users or vehicles hit',
      cloud: timeOf(cloud, 'first_error') === null ? null : cloud.hit,
      vehicle: timeOf(vehicle, 'dtc_pending') === null ? null : vehicle.hit,
    },
  ]
}
