/** How the vehicles are: how many, connected or not, charged, fast, heard and well. */
import { fleetLimits } from '../../rules/fleet-limits.ts'
import { series } from '../../telemetry.ts'
import type { Row } from '../board.ts'
import { colour, steps } from '../colours.ts'
import { known, shareOfSome, some, sum } from '../expressions.ts'
import { bars, figure, graph } from '../panels.ts'
import { now, over, rows } from '../targets.ts'
import { columns } from '../transformations.ts'

const chosen = { model: { matches: '$model' }, region: { matches: '$region' } }
const all = series('fleet_vehicles', chosen)
const connected = series('fleet_vehicles', { ...chosen, state: { matches: 'online|updating' } })
const inState = (state: string) => series('fleet_vehicles', { ...chosen, state })
const low = 15
const wholeFleet = 'Of the whole fleet, whatever is chosen above.'
const states = { online: colour.good, updating: colour.commit, offline: colour.neutral }
const connectivityLevels = steps(colour.bad, [fleetLimits.connectivity, colour.overage], [0.9, colour.good])
const signal = `${series('fleet_signal_average_dbm')} < 0`

export const vehiclesNowRow: Row = {
  title: 'Fleet now',
  panels: [
    figure({
      title: 'Vehicles',
      description:
        'Vehicles that are known, of the chosen models and regions. Empty until the first connects.',
      size: [3, 4],
      queries: [now(sum(all))],
      empty: 'none',
      levels: steps(colour.commit),
    }),
    figure({
      title: 'Connected',
      description:
        'Of the chosen vehicles, the share that is connected or being updated. Below 80 % of the whole fleet somebody is told. Empty without vehicles.',
      size: [3, 4],
      queries: [now(shareOfSome(sum(connected), sum(all)))],
      unit: 'percentunit',
      decimals: 0,
      empty: 'none',
      levels: connectivityLevels,
      runbook: 'FleetConnectivityLow',
    }),
    figure({
      title: 'Being updated',
      description:
        'Of the chosen vehicles, those that take an update now: offered, downloading, installing, or rebooting. Empty until a vehicle was updated.',
      size: [3, 4],
      queries: [now(sum(inState('updating')))],
      empty: 'none',
      levels: steps(colour.commit),
      runbook: 'FleetUpdateFailures',
    }),
    figure({
      title: 'Battery, mean',
      description: `Mean charge of the traction batteries, as last told. ${wholeFleet} Empty until a vehicle told it.`,
      size: [3, 4],
      queries: [now(known(series('fleet_battery_average_percent')))],
      unit: 'percent',
      decimals: 0,
      empty: 'unknown',
      levels: steps(colour.bad, [low, colour.overage], [40, colour.good]),
    }),
    figure({
      title: 'Battery, lowest',
      description: `The lowest charge of all, as last told. ${wholeFleet} Empty until a vehicle told it.`,
      size: [3, 4],
      queries: [now(known(series('fleet_battery_minimum_percent')))],
      unit: 'percent',
      decimals: 0,
      empty: 'unknown',
      levels: steps(colour.bad, [low, colour.overage], [40, colour.good]),
    }),
    figure({
      title: 'Battery low',
      description: `Vehicles with less than ${low} % of charge. ${wholeFleet} Empty while the server is not scraped.`,
      size: [3, 4],
      queries: [now(series('fleet_battery_low_vehicles'))],
      levels: steps(colour.good, [1, colour.overage]),
    }),
    figure({
      title: 'Speed',
      description: `Mean speed of the vehicles that drive. ${wholeFleet} Empty while nobody drives.`,
      size: [3, 4],
      queries: [now(known(series('fleet_speed_average_kmh')))],
      unit: 'velocitykmh',
      decimals: 0,
      empty: 'nobody drives',
    }),
    figure({
      title: 'Signal',
      description: `Mean signal of connected vehicles. It is below 0, and nearer to 0 is stronger: −60 is strong, −100 is hardly heard. ${wholeFleet} Empty while nobody is connected.`,
      size: [3, 4],
      queries: [now(signal)],
      unit: 'dBm',
      decimals: 0,
      empty: 'nobody',
      levels: steps(colour.bad, [-100, colour.overage], [-85, colour.good]),
    }),
    graph({
      title: 'Vehicles by state',
      description:
        'The chosen vehicles by what they do. A vehicle that is updated counts as updating also while it reboots. Empty until the first connects.',
      size: [12, 8],
      queries: [over(sum(all, 'state'), '{{state}}')],
      isStacked: true,
      colours: states,
      runbook: 'FleetConnectivityLow',
    }),
    graph({
      title: 'Connected, by region',
      description:
        'Of the chosen vehicles of a region, the share that is connected or being updated. The dashed line is the 80 % that is asked of the whole fleet. Empty without vehicles.',
      size: [12, 8],
      queries: [over(shareOfSome(sum(connected, 'region'), sum(all, 'region')), '{{region}}')],
      unit: 'percentunit',
      max: 1,
      limits: steps(colour.bad, [fleetLimits.connectivity, colour.good]),
      runbook: 'FleetConnectivityLow',
    }),
    ...(['model', 'region'] as const).map(by =>
      bars({
        title: `Vehicles by ${by} now`,
        description: `Each bar is a ${by}: its vehicles by what they do now, of what is chosen above. Empty until the first vehicle connects.`,
        size: [8, 9],
        by: by === 'model' ? 'Model' : 'Region',
        queries: Object.keys(states).map(state => rows(some(sum(inState(state), by), sum(all, by)))),
        transformations: columns({
          [by]: by === 'model' ? 'Model' : 'Region',
          'Value #A': 'online',
          'Value #B': 'updating',
          'Value #C': 'offline',
        }),
        colours: states,
        runbook: 'FleetConnectivityLow',
      }),
    ),
    graph({
      title: 'Vehicles by firmware',
      description: `Which release runs in how many vehicles; from the twenty-first release on they are "_other". ${wholeFleet} Empty until the first connects.`,
      size: [8, 9],
      queries: [over(series('fleet_vehicles_by_firmware'), '{{firmware}}')],
      isStacked: true,
      runbook: 'FleetUpdateFailures',
    }),
  ],
}

export const vehiclesOverTimeRow: Row = {
  title: 'Batteries, driving, signal and health',
  panels: [
    graph({
      title: 'Charge of the batteries',
      description: `Mean and lowest charge of the traction batteries. Below the dashed ${low} % a battery is low. ${wholeFleet} Empty until a vehicle told it.`,
      size: [6, 7],
      queries: [
        over(known(series('fleet_battery_average_percent')), 'mean'),
        over(known(series('fleet_battery_minimum_percent')), 'lowest'),
      ],
      unit: 'percent',
      max: 100,
      limits: steps(colour.bad, [low, colour.good]),
      colours: { mean: colour.good, lowest: colour.overage },
    }),
    graph({
      title: 'Speed of those that drive',
      description: `Mean speed of the vehicles that drive; parked ones are not in it. ${wholeFleet} Empty while nobody drives.`,
      size: [6, 7],
      queries: [over(known(series('fleet_speed_average_kmh')), 'mean')],
      unit: 'velocitykmh',
      colours: { mean: colour.commit },
    }),
    graph({
      title: 'Strength of the signal',
      description: `Mean signal of connected vehicles. Higher is stronger: the values are below 0, and nearer to 0 is better. ${wholeFleet} Empty while nobody is connected.`,
      size: [6, 7],
      queries: [over(signal, 'mean')],
      unit: 'dBm',
      min: -120,
      max: -40,
      colours: { mean: colour.special },
    }),
    graph({
      title: 'Trouble codes that are set',
      description: `Diagnostic trouble codes (DTCs): pending ones were seen once, confirmed ones again. ${wholeFleet} A flat 0 means that all are well.`,
      size: [6, 7],
      queries: [over(series('fleet_dtcs'), '{{status}}')],
      isStacked: true,
      colours: { pending: colour.overage, confirmed: colour.bad },
    }),
  ],
}
