import { serverNow } from '../server-clock.ts'

const EVERY_MS = 500

/** Redraws what counts time, twice a second and at once. @param draw is handed Unix ms by the server's clock */
export function everyTick(draw: (now: number) => void): void {
  draw(serverNow())
  setInterval(() => draw(serverNow()), EVERY_MS)
}

/** Seconds left until so many after a frame's time. @param at RFC 3339 */
export const secondsLeft = (at: string, seconds: number, now: number): number =>
  Math.max(0, Math.ceil((Date.parse(at) - now) / 1000 + seconds))
