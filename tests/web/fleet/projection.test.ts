import fc from 'fast-check'
import { expect, test } from 'vitest'
import { webModule } from '../fake-page.ts'

interface Point {
  x: number
  y: number
}
interface Place {
  latitude: number
  longitude: number
}
interface Bounds {
  west: number
  east: number
  south: number
  north: number
}
interface Projection {
  project(latitude: number, longitude: number): Point
  unproject(point: Point): Place
  cameraFor(bounds: Bounds, width: number, height: number, padding: number): Point & { scale: number }
  between(
    from: Point & { scale: number },
    to: Point & { scale: number },
    share: number,
  ): Point & { scale: number }
  boundsOf(positions: Place[], middle: Place, least: number, most: number): Bounds
  graticuleStep(scale: number, apart: number): number
}

const { project, unproject, cameraFor, between, boundsOf, graticuleStep } =
  await webModule<Projection>('fleet/map/projection')

const latitudes = fc.double({ min: -80, max: 80, noNaN: true })
const longitudes = fc.double({ min: -180, max: 180, noNaN: true })

test('the middle of the world is where the equator meets Greenwich', () => {
  expect(project(0, 0)).toEqual({ x: 0.5, y: 0.5 })
})

test('north is up, east is right, and there is a way back', () => {
  fc.assert(
    fc.property(latitudes, longitudes, (latitude, longitude) => {
      const back = unproject(project(latitude, longitude))
      expect(back.latitude).toBeCloseTo(latitude, 8)
      expect(back.longitude).toBeCloseTo(longitude, 8)
      expect(project(latitude + 1, longitude).y).toBeLessThan(project(latitude, longitude).y)
    }),
  )
})

test('bounds that are fitted are inside the padding, whatever the canvas', () => {
  const bounds = { west: -124, east: -67, south: 25, north: 49 }
  for (const [width, height] of [
    [800, 440],
    [358, 240],
    [300, 900],
  ] as const) {
    const camera = cameraFor(bounds, width, height, 20)
    const corner = project(bounds.north, bounds.west)
    expect((corner.x - camera.x) * camera.scale + width / 2).toBeGreaterThanOrEqual(20 - 1e-6)
    expect((corner.y - camera.y) * camera.scale + height / 2).toBeGreaterThanOrEqual(20 - 1e-6)
  }
})

test('a flight begins and ends at its cameras, and zooms all the way', () => {
  const [from, to] = [
    { x: 0.2, y: 0.4, scale: 5000 },
    { x: 0.25, y: 0.38, scale: 400_000 },
  ]
  expect(between(from, to, 0)).toEqual(from)
  const end = between(from, to, 1)
  expect(end.x).toBeCloseTo(to.x, 10)
  expect(end.scale).toBeCloseTo(to.scale, 4)
  expect(between(from, to, 0.5).scale).toBeGreaterThan(from.scale)
  expect(between(from, from, 0.5)).toEqual(from)
})

test('a city with one vehicle, or none, is not shown from a metre away', () => {
  const middle = { latitude: 30, longitude: -97 }
  for (const positions of [[], [{ latitude: 30.01, longitude: -97 }]]) {
    const { north, south, east, west } = boundsOf(positions, middle, 0.08, 0.6)
    expect(north - south).toBeCloseTo(0.08, 8)
    expect(east - west).toBeCloseTo(0.08, 8)
  }
})

test('one vehicle far outside does not shrink its city', () => {
  const middle = { latitude: 30, longitude: -97 }
  const { east } = boundsOf([middle, { latitude: 30, longitude: -90 }], middle, 0.08, 0.6)
  expect(east).toBeLessThan(-96.9)
})

test.each([
  [5000, 10],
  [400_000, 0.1],
])('at a scale of %d the lines of the graticule are %d degrees apart', (scale, step) => {
  expect(graticuleStep(scale, 72)).toBe(step)
})
