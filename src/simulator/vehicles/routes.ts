/**
 * The closed ways on which vehicles drive: eight loops around each city, the same in every run. They are made here and
 * follow no real street. Between two corners a way is a great circle, so distances on it are exact.
 */
import { type Region, regions } from '../../vehicle/equipment.ts'
import { between, happens, randomOf } from './chance.ts'
import { cities } from './cities.ts'
import { bearing, destination, distanceM, type Place } from './geometry.ts'

export interface Stretch extends Place {
  /** From this corner to the next. */
  bearing: number
  lengthM: number
  /** How far along the loop it begins. */
  startM: number
  /** There is no coverage in a tunnel. */
  tunnel: boolean
}

export interface Route {
  region: Region
  limitKmh: number
  lengthM: number
  stretches: Stretch[]
}

const LOOPS = 8
const TUNNEL_SHARE = 0.75
const TUNNEL_MAX_M = 2500

function loopOf(region: Region, loop: number): Route {
  const city = cities[region]
  const random = randomOf('route', region, loop)
  const middle = destination(destination(city, 90, city.eastKm * 1000), 0, city.northKm * 1000)
  const size = between(random, 0.8, 1) * (0.15 + (0.75 * (loop + 1)) / LOOPS)
  const corners = 16 + 3 * loop
  const way = happens(random, 0.5) ? 1 : -1
  const [first, second] = [between(random, 0, 7), between(random, 0, 7)]
  const places = Array.from({ length: corners }, (_, corner): Place => {
    const angle = (way * 2 * Math.PI * corner) / corners
    const bulge = 1 + 0.12 * Math.sin(2 * angle + first) + 0.08 * Math.sin(5 * angle + second)
    const reach = size * bulge * between(random, 0.94, 1.06) * 1000
    const north = reach * city.reachNorthKm * Math.cos(angle)
    const east = reach * city.reachEastKm * Math.sin(angle)
    return destination(destination(middle, 0, north), 90, east)
  })
  return routeOf(region, 40 + 12 * loop, places, tunnelAt())

  function tunnelAt(): number {
    return happens(random, TUNNEL_SHARE) ? Math.floor(between(random, 0, corners)) : -1
  }
}

/** Closes the way and measures it. @param tunnel the corner at which a tunnel begins; -1: none */
export function routeOf(region: Region, limitKmh: number, places: Place[], tunnel: number): Route {
  let startM = 0
  const stretches = places.map((place, index): Stretch => {
    const next = places[(index + 1) % places.length] as Place
    const lengthM = distanceM(place, next)
    const stretch = { ...place, bearing: bearing(place, next), lengthM, startM }
    startM += lengthM
    return { ...stretch, tunnel: index === tunnel && lengthM <= TUNNEL_MAX_M }
  })
  return { region, limitKmh, lengthM: startM, stretches }
}

/** Every loop; a region's are eight in a row. */
export const routes: readonly Route[] = regions.flatMap(region =>
  Array.from({ length: LOOPS }, (_, loop) => loopOf(region, loop)),
)

/** The numbers of a region's loops. */
export const routesOf = (region: Region): number[] =>
  Array.from({ length: LOOPS }, (_, loop) => regions.indexOf(region) * LOOPS + loop)

/** Where one is on a loop, and in which direction. @param alongM from 0 to below its length */
export function placeOn(route: Route, alongM: number): Place & { heading: number; tunnel: boolean } {
  let [low, high] = [0, route.stretches.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((route.stretches[middle] as Stretch).startM <= alongM) low = middle
    else high = middle - 1
  }
  const stretch = route.stretches[low] as Stretch
  const place = destination(stretch, stretch.bearing, alongM - stretch.startM)
  return { ...place, heading: stretch.bearing, tunnel: stretch.tunnel }
}
