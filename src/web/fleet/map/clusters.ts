import type { VehicleShape } from '../../../fleet/api.ts'
import type { Region } from '../../../vehicle/equipment.ts'
import { nearestRegion, regionNames } from '../places.ts'
import type { Reported } from './motion.ts'

/** How many vehicles are around a city, by what they do. */
export interface Cluster {
  region: Region
  total: number
  states: Record<VehicleShape['state'], number>
  vehicles: Reported[]
}

/** Every city with the vehicles around it, also those with none. */
export function clustersOf(vehicles: readonly Reported[]): Cluster[] {
  const clusters = new Map(
    regionNames.map((region): [Region, Cluster] => [
      region,
      { region, total: 0, states: { online: 0, offline: 0, updating: 0 }, vehicles: [] },
    ]),
  )
  for (const vehicle of vehicles) {
    const cluster = clusters.get(nearestRegion(vehicle[1], vehicle[2]))
    if (!cluster) continue
    cluster.total += 1
    cluster.states[vehicle[4]] += 1
    cluster.vehicles.push(vehicle)
  }
  return Array.from(clusters.values())
}

/** The radius of a circle whose area stands for the count. @param most the count of the largest circle */
export const radiusOf = (count: number, most: number, least: number, largest: number): number =>
  count === 0 || most === 0 ? 0 : least + (largest - least) * Math.sqrt(count / most)
