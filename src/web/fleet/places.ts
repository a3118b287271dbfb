import type { Model, Region } from '../../vehicle/equipment.ts'

/** A city in which vehicles drive, as the map shows it. */
export interface Place {
  name: string
  /** For maps that are too narrow for names. */
  short: string
  latitude: number
  longitude: number
  /** Where its name stands, so that no two are on top of each other. */
  label: 'below' | 'above'
}

const place = (
  name: string,
  short: string,
  latitude: number,
  longitude: number,
  label: Place['label'] = 'below',
): Place => ({ name, short, latitude, longitude, label })

export const places: Record<Region, Place> = {
  atlanta: place('Atlanta', 'ATL', 33.749, -84.388),
  austin: place('Austin', 'AUS', 30.267, -97.743),
  boston: place('Boston', 'BOS', 42.36, -71.059, 'above'),
  chicago: place('Chicago', 'CHI', 41.878, -87.63),
  denver: place('Denver', 'DEN', 39.739, -104.99),
  detroit: place('Detroit', 'DET', 42.331, -83.046, 'above'),
  los_angeles: place('Los Angeles', 'LA', 34.052, -118.244),
  new_york: place('New York', 'NYC', 40.713, -74.006),
  san_francisco: place('San Francisco', 'SF', 37.775, -122.419, 'above'),
  seattle: place('Seattle', 'SEA', 47.606, -122.332),
}

export const regionNames = Object.keys(places) as Region[]

export const modelNames: Record<Model, string> = {
  aurora: 'Aurora',
  breeze: 'Breeze',
  comet: 'Comet',
  drift: 'Drift',
  ember: 'Ember',
}

/** The city that is nearest to a position: the fleet's frame tells where a vehicle is, not where it belongs. */
export function nearestRegion(latitude: number, longitude: number): Region {
  const narrowing = Math.cos((latitude * Math.PI) / 180)
  let nearest: Region = 'atlanta'
  let least = Number.POSITIVE_INFINITY
  for (const region of regionNames) {
    const city = places[region]
    const distance = (city.latitude - latitude) ** 2 + ((city.longitude - longitude) * narrowing) ** 2
    if (distance >= least) continue
    least = distance
    nearest = region
  }
  return nearest
}
