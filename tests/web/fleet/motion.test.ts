import fc from 'fast-check'
import { expect, test } from 'vitest'
import { webModule } from '../fake-page.ts'

type Reported = [string, number, number, number, string]
interface Moving {
  name: string
  x: number
  y: number
  heading: number
  state: string
}
interface Motion {
  motion(): {
    take(vehicles: readonly Reported[], nowMs: number, glide: boolean): void
    at(nowMs: number): readonly Moving[]
    moves(nowMs: number): boolean
  }
  turnBetween(from: number, to: number): number
}
interface Projection {
  project(latitude: number, longitude: number): { x: number; y: number }
}

const { motion, turnBetween } = await webModule<Motion>('fleet/map/motion')
const { project } = await webModule<Projection>('fleet/map/projection')

const at = (latitude: number, longitude: number, heading = 90): Reported[] => [
  ['vehicle_00001', latitude, longitude, heading, 'online'],
]
const only = (list: readonly Moving[]): Moving => {
  const [vehicle] = list
  if (!vehicle) throw new Error('there is no vehicle')
  return vehicle
}

test('a new vehicle is where it was reported, at once', () => {
  const tracks = motion()
  tracks.take(at(40, -100), 0, true)
  expect(only(tracks.at(0))).toMatchObject(project(40, -100))
  expect(tracks.moves(0)).toBe(false)
})

test('it takes as long for a way as passed between the two reports, and stays at its end', () => {
  const tracks = motion()
  tracks.take(at(40, -100), 0, true)
  tracks.take(at(40, -99.99), 4000, true)
  const [from, to] = [project(40, -100), project(40, -99.99)]
  expect(only(tracks.at(4000)).x).toBeCloseTo(from.x, 12)
  expect(only(tracks.at(6000)).x).toBeCloseTo((from.x + to.x) / 2, 12)
  expect(only(tracks.at(8000)).x).toBeCloseTo(to.x, 12)
  expect(only(tracks.at(99_000)).x).toBeCloseTo(to.x, 12)
  expect(tracks.moves(7999)).toBe(true)
  expect(tracks.moves(8000)).toBe(false)
})

test('a vehicle never leaves the stretch between two reported positions', () => {
  fc.assert(
    fc.property(fc.double({ min: -0.1, max: 0.1, noNaN: true }), fc.nat(200_000), (east, later) => {
      const tracks = motion()
      tracks.take(at(40, -100), 0, true)
      tracks.take(at(40, -100 + east), 1500, true)
      const ends = [project(40, -100).x, project(40, -100 + east).x]
      const { x } = only(tracks.at(1500 + later))
      expect(x).toBeGreaterThanOrEqual(Math.min(...ends) - 1e-12)
      expect(x).toBeLessThanOrEqual(Math.max(...ends) + 1e-12)
    }),
  )
})

test.each([
  ['who asked for less motion', 40.01, false],
  ['a vehicle that is suddenly far away', 41, true],
])('nothing glides for %s', (_who, latitude, glide) => {
  const tracks = motion()
  tracks.take(at(40, -100), 0, true)
  tracks.take(at(latitude, -100), 2000, glide)
  expect(only(tracks.at(2000))).toMatchObject(project(latitude, -100))
  expect(tracks.moves(2000)).toBe(false)
})

test('a vehicle that is not reported any more is gone, its state is the one of the last report', () => {
  const tracks = motion()
  tracks.take(at(40, -100), 0, true)
  tracks.take([['vehicle_00001', 40, -100, 90, 'updating']], 1000, true)
  expect(only(tracks.at(1000)).state).toBe('updating')
  tracks.take([], 2000, true)
  expect(tracks.at(2000)).toEqual([])
})

test('a new report on the way starts from where it is drawn: nothing jumps back', () => {
  const tracks = motion()
  tracks.take(at(40, -100), 0, true)
  tracks.take(at(40, -99.99), 2000, true)
  const before = only(tracks.at(3000)).x
  tracks.take(at(40, -99.98), 3000, true)
  expect(only(tracks.at(3000)).x).toBeCloseTo(before, 12)
})

test.each([
  [0, 90, 90],
  [350, 10, 20],
  [10, 350, -20],
  [90, 90, 0],
])('from %d to %d degrees it turns by %d', (from, to, turn) => {
  expect(turnBetween(from, to)).toBe(turn)
})
