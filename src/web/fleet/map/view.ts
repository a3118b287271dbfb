import type { Region } from '../../../vehicle/equipment.ts'
import { places } from '../places.ts'
import type { Reported } from './motion.ts'
import { between, boundsOf, type Camera, cameraFor } from './projection.ts'

const country = { west: -124.8, east: -66.8, south: 24.9, north: 49.2 }
const COUNTRY_PADDING = 26
const CITY_PADDING = 48
/** A city is shown no closer than this, and vehicles farther out than that do not widen the picture. */
const CITY_LEAST_DEGREES = 0.08
const CITY_MOST_DEGREES = 0.6
const FLIGHT_MS = 900

/** Eased at both ends. */
const eased = (share: number) => (share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2)

/** Where the map looks: the country, or one of its cities, and the flight from one to the other. */
export function mapView() {
  let width = 1
  let height = 1
  let home: Camera = cameraFor(country, width, height, 0)
  let from = home
  let goal = home
  let startedMs = Number.NEGATIVE_INFINITY
  let region: Region | null = null

  const share = (nowMs: number) => Math.min(1, Math.max(0, (nowMs - startedMs) / FLIGHT_MS))
  const cameraAt = (nowMs: number): Camera => {
    const way = share(nowMs)
    return way >= 1 ? goal : between(from, goal, eased(way))
  }

  function aim(vehicles: readonly Reported[]) {
    home = cameraFor(country, width, height, Math.min(COUNTRY_PADDING, width / 20))
    if (region === null) {
      goal = home
      return
    }
    const positions = vehicles.map(([, latitude, longitude]) => ({ latitude, longitude }))
    const bounds = boundsOf(positions, places[region], CITY_LEAST_DEGREES, CITY_MOST_DEGREES)
    goal = cameraFor(bounds, width, height, Math.min(CITY_PADDING, width / 10))
  }

  return {
    get region() {
      return region
    },
    /** Looks at a city, or with null at the country. @param vehicles those of the city */
    go(to: Region | null, vehicles: readonly Reported[], nowMs: number, fly: boolean) {
      from = cameraAt(nowMs)
      region = to
      aim(vehicles)
      startedMs = fly ? nowMs : Number.NEGATIVE_INFINITY
    },
    /** The canvas has another size: the same is shown in it, at once. */
    resize(toWidth: number, toHeight: number, vehicles: readonly Reported[]) {
      width = toWidth
      height = toHeight
      aim(vehicles)
      startedMs = Number.NEGATIVE_INFINITY
    },
    cameraAt,
    flies: (nowMs: number) => share(nowMs) < 1,
    /** How strongly circles for cities are drawn, and arrows for vehicles: 0 to 1. */
    strengths(nowMs: number) {
      const zoom = Math.log2(cameraAt(nowMs).scale / home.scale)
      const within = (value: number) => Math.min(1, Math.max(0, value))
      return { clusters: within((3 - zoom) / 2), vehicles: within((zoom - 2) / 2) }
    },
  }
}
