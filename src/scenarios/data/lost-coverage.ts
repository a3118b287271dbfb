import { series } from '../../telemetry.ts'
import { grafana, lines, page, runbook } from '../look-at.ts'
import type { Scenario } from '../scenario.ts'

export const lostCoverage: Scenario = {
  name: 'lost-coverage',
  title: 'Lost coverage',
  story:
    'Six vehicles in ten lose the network, as in a tunnel or a valley. A server that is down pages somebody; a vehicle that is away is normal. What it measured meanwhile is kept in the vehicle and comes later, at its own time.',
  steps: [
    {
      title: 'Vehicles lose the network',
      detail: 'The broker notices, and the server marks them as offline.',
    },
    {
      title: 'The map empties',
      detail: 'Live signals stop. Nothing is lost: each vehicle keeps its samples.',
    },
    { title: 'Try to mend one', detail: 'A command to a vehicle that is away is refused: vehicle_offline.' },
    { title: 'Coverage returns', detail: 'Presenter: stop the scenario, or let its ninety seconds pass.' },
    {
      title: 'The gap fills',
      detail: 'Samples of the past arrive beside the live ones, marked as historical.',
    },
  ],
  disturbance: { kind: 'coverage', share: 0.6 },
  traffic: null,
  seconds: 90,
  look_at: [
    page('/fleet', 'Vehicles by state, and how old their last words are'),
    grafana('fleet', 'Vehicles that are connected, by region; live and historical samples'),
    runbook('FleetConnectivityLow', 'What to ask, and why this is no incident of the server'),
  ],
  promql: [
    {
      title: 'Vehicles that are offline',
      query: `sum(${series('fleet_vehicles', { state: 'offline' })})`,
    },
    {
      title: 'Samples a second: live, and kept in the vehicle until it was back',
      query: `sum by (kind) (rate(${series('fleet_samples_total')}[1m]))`,
    },
    { title: 'Vehicles connected to the broker', query: series('fleet_broker_connections') },
  ],
  logql: [
    { title: 'Vehicles that went away; of many at once, a few', query: lines('vehicle_offline') },
    { title: 'Vehicles that came and went', query: lines('vehicle_online', 'vehicle_offline') },
  ],
}
