import type { VehicleShape } from '../../../fleet/api.ts'
import { type Point, project } from './projection.ts'

type State = VehicleShape['state']
/** As the frame tells it: name, latitude, longitude, heading, state. */
export type Reported = [string, number, number, number, State]

/** A vehicle on the map. Coordinates are the world's, see `project`. */
export interface Moving {
  name: string
  state: State
  /** The last position that was reported. */
  latitude: number
  longitude: number
  x: number
  y: number
  /** In degrees, clockwise from north. */
  heading: number
  /** Where it was reported before, the oldest first. */
  trail: readonly Point[]
}

interface Track extends Moving {
  fromX: number
  fromY: number
  toX: number
  toY: number
  fromHeading: number
  turn: number
  startedMs: number
  lastsMs: number
}

const TRAIL_MAX = 10
const SHORTEST_MS = 900
const LONGEST_MS = 60_000
/** Farther than this between two reports it did not drive: it is shown where it is. */
const JUMP_DEGREES = 0.2

/** The shorter way round, −180 to 180 degrees. */
export const turnBetween = (from: number, to: number): number => ((((to - from) % 360) + 540) % 360) - 180

/**
 * Moves vehicles from the position where they are drawn to the one that was reported last, in the time that passed
 * between the last two reports. A vehicle never goes beyond a reported position: what comes next is not known.
 */
export function motion(): {
  /** @param glide false: vehicles are where they were reported, at once */
  take(vehicles: readonly Reported[], nowMs: number, glide: boolean): void
  /** Every vehicle where it is at that time. The objects are the same each time. */
  at(nowMs: number): readonly Moving[]
  /** Whether a vehicle is still on its way. */
  moves(nowMs: number): boolean
} {
  let tracks = new Map<string, Track>()
  let list: Track[] = []
  let endsMs = 0

  function step(track: Track, nowMs: number) {
    const share = track.lastsMs > 0 ? Math.min(1, Math.max(0, nowMs - track.startedMs) / track.lastsMs) : 1
    track.x = track.fromX + (track.toX - track.fromX) * share
    track.y = track.fromY + (track.toY - track.fromY) * share
    // It turns in the first fifth of the way, as at a crossing, and not all along it.
    track.heading = (track.fromHeading + track.turn * Math.min(1, share * 5) + 360) % 360
  }

  function goOn(
    track: Track,
    [, latitude, longitude, heading, state]: Reported,
    nowMs: number,
    glide: boolean,
  ) {
    track.state = state
    const moved = latitude !== track.latitude || longitude !== track.longitude
    const turned = heading !== (track.fromHeading + track.turn + 360) % 360
    if (!moved && !turned) return
    step(track, nowMs)
    const jumped =
      Math.abs(latitude - track.latitude) > JUMP_DEGREES ||
      Math.abs(longitude - track.longitude) > JUMP_DEGREES
    const { x, y } = project(latitude, longitude)
    const trail = jumped ? [] : [...track.trail, { x: track.toX, y: track.toY }].slice(-TRAIL_MAX)
    const sinceMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, nowMs - track.startedMs))
    Object.assign(track, {
      latitude,
      longitude,
      trail: moved ? trail : track.trail,
      fromX: track.x,
      fromY: track.y,
      toX: x,
      toY: y,
      fromHeading: track.heading,
      turn: turnBetween(track.heading, heading),
      startedMs: nowMs,
      lastsMs: glide && !jumped ? sinceMs : 0,
    })
    endsMs = Math.max(endsMs, nowMs + track.lastsMs)
  }

  return {
    take(vehicles, nowMs, glide) {
      const next = new Map<string, Track>()
      for (const reported of vehicles) {
        const [name, latitude, longitude, heading, state] = reported
        let track = tracks.get(name)
        if (track) goOn(track, reported, nowMs, glide)
        else {
          const { x, y } = project(latitude, longitude)
          const here = {
            x,
            y,
            fromX: x,
            fromY: y,
            toX: x,
            toY: y,
            heading,
            fromHeading: heading,
            turn: 0,
            trail: [],
          }
          track = { name, state, latitude, longitude, ...here, startedMs: nowMs, lastsMs: 0 }
        }
        next.set(name, track)
      }
      tracks = next
      list = Array.from(next.values())
    },
    at(nowMs) {
      for (const track of list) step(track, nowMs)
      return list
    },
    moves: nowMs => nowMs < endsMs,
  }
}
