/** Web Mercator, and a camera on it. World coordinates run from 0 to 1, east and south. */

export interface Point {
  x: number
  y: number
}

export interface Bounds {
  west: number
  east: number
  south: number
  north: number
}

/** What the canvas shows: the world's point in its middle, and how many pixels the whole world would be wide. */
export interface Camera extends Point {
  scale: number
}

/** @param latitude in degrees, between −85 and 85 */
export function project(latitude: number, longitude: number): Point {
  const sine = Math.sin((latitude * Math.PI) / 180)
  return { x: longitude / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) }
}

/** The way back. */
export function unproject({ x, y }: Point): { latitude: number; longitude: number } {
  const latitude = (360 / Math.PI) * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) - 90
  return { latitude, longitude: (x - 0.5) * 360 }
}

/** The camera that shows all of the bounds in a canvas, with `padding` pixels around. */
export function cameraFor(bounds: Bounds, width: number, height: number, padding: number): Camera {
  const [nw, se] = [project(bounds.north, bounds.west), project(bounds.south, bounds.east)]
  const scale = Math.min(
    Math.max(width - 2 * padding, 1) / (se.x - nw.x),
    Math.max(height - 2 * padding, 1) / (se.y - nw.y),
  )
  return { x: (nw.x + se.x) / 2, y: (nw.y + se.y) / 2, scale }
}

/** Somewhere on the way from one camera to another: each moment zooms by the same factor. @param share 0 to 1 */
export function between(from: Camera, to: Camera, share: number): Camera {
  const scale = from.scale * (to.scale / from.scale) ** share
  // The middle goes as the zoom does, so that the goal stays where it is on the screen.
  const way =
    Math.abs(to.scale - from.scale) < 1e-6
      ? share
      : (1 / from.scale - 1 / scale) / (1 / from.scale - 1 / to.scale)
  return { x: from.x + (to.x - from.x) * way, y: from.y + (to.y - from.y) * way, scale }
}

/** The bounds of what is there, no narrower than `least` degrees and within `most` of the middle of a place. */
export function boundsOf(
  positions: { latitude: number; longitude: number }[],
  middle: { latitude: number; longitude: number },
  least: number,
  most: number,
): Bounds {
  const near = positions.filter(
    ({ latitude, longitude }) =>
      Math.abs(latitude - middle.latitude) <= most && Math.abs(longitude - middle.longitude) <= most,
  )
  const shown = near.length > 0 ? near : [middle]
  const latitudes = shown.map(({ latitude }) => latitude)
  const longitudes = shown.map(({ longitude }) => longitude)
  const widen = (low: number, high: number): [number, number] => {
    const missing = Math.max(0, least - (high - low)) / 2
    return [low - missing, high + missing]
  }
  const [south, north] = widen(Math.min(...latitudes), Math.max(...latitudes))
  const [west, east] = widen(Math.min(...longitudes), Math.max(...longitudes))
  return { south, north, west, east }
}

/** The step of a graticule in degrees, so that lines stand at least `apart` pixels from each other. */
export function graticuleStep(scale: number, apart: number): number {
  const degree = scale / 360
  return [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20].find(step => step * degree >= apart) ?? 45
}
