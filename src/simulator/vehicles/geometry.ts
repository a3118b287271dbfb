/** Places on a sphere: distance, bearing, and where a way leads. Degrees and metres. */

export interface Place {
  latitude: number
  longitude: number
}

/** The mean radius of the earth (IUGG), metres. */
const EARTH_M = 6_371_008.8
const radians = (degrees: number) => (degrees * Math.PI) / 180
const degrees = (angle: number) => (angle * 180) / Math.PI

/** Metres between two places (haversine). */
export function distanceM(from: Place, to: Place): number {
  const [low, high] = [radians(from.latitude), radians(to.latitude)]
  const a =
    Math.sin((high - low) / 2) ** 2 +
    Math.cos(low) * Math.cos(high) * Math.sin(radians(to.longitude - from.longitude) / 2) ** 2
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(a)))
}

/** The direction in which one sets out from a place to another: 0 north, 90 east, below 360. */
export function bearing(from: Place, to: Place): number {
  const [start, end] = [radians(from.latitude), radians(to.latitude)]
  const across = radians(to.longitude - from.longitude)
  const angle = Math.atan2(
    Math.sin(across) * Math.cos(end),
    Math.cos(start) * Math.sin(end) - Math.sin(start) * Math.cos(end) * Math.cos(across),
  )
  return (degrees(angle) + 360) % 360
}

/** Where one is after so many metres in that direction, on a great circle. */
export function destination(from: Place, direction: number, metres: number): Place {
  const angle = metres / EARTH_M
  const start = radians(from.latitude)
  const heading = radians(direction)
  const latitude = Math.asin(
    Math.sin(start) * Math.cos(angle) + Math.cos(start) * Math.sin(angle) * Math.cos(heading),
  )
  const across = Math.atan2(
    Math.sin(heading) * Math.sin(angle) * Math.cos(start),
    Math.cos(angle) - Math.sin(start) * Math.sin(latitude),
  )
  return { latitude: degrees(latitude), longitude: from.longitude + degrees(across) }
}
