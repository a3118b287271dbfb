/** Chance without a state: the same key and time give the same value, whatever was asked before. */

/** FNV-1a of the text. */
export function keyOf(...parts: (string | number)[]): number {
  const text = parts.join(':')
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash
}

/** A value of [0, 1) for a key and a whole number. */
export function unit(key: number, at: number): number {
  let mixed = (key ^ Math.imul(at, 0x9e3779b1)) | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
}

/** From `low` to `high`. */
export const within = (low: number, high: number, key: number, at = 0): number =>
  low + (high - low) * unit(key, at)

export function pick<T>(from: readonly T[], key: number, at = 0): T {
  return from[Math.floor(unit(key, at) * from.length)] as T
}

/** Value noise from -1 to 1 that takes about `periodMs` to become another. @param at Unix ms */
export function noise(key: number, at: number, periodMs: number): number {
  const place = at / periodMs
  const cell = Math.floor(place)
  const share = place - cell
  const smooth = share * share * (3 - 2 * share)
  const before = unit(key, cell)
  return 2 * (before + (unit(key, cell + 1) - before) * smooth) - 1
}

export interface Bursts {
  /** At most one in so long. */
  everyMs: number
  lengthMs: number
  /** How many of these spans have one, 0 to 1. */
  share: number
}

/** Now and then something rises for a while: 0 to 1, mostly 0. @param at Unix ms */
export function burst(key: number, at: number, { everyMs, lengthMs, share }: Bursts): number {
  const cell = Math.floor(at / everyMs)
  if (unit(key, cell) >= share) return 0
  const begins = unit(key ^ 0x5bd1e995, cell) * (everyMs - lengthMs)
  const passed = (at - cell * everyMs - begins) / lengthMs
  return passed > 0 && passed < 1 ? Math.sin(Math.PI * passed) : 0
}

/** Bends what is above `knee` so that it never reaches `top`. */
export const under = (value: number, knee: number, top: number): number =>
  value <= knee ? value : knee + (top - knee) * (1 - Math.exp((knee - value) / (top - knee)))

export const round2 = (value: number): number => Math.round(value * 100) / 100
