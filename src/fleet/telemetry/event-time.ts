/**
 * When something happened, by the server's clock. A vehicle's clock can be wrong, but its differences are right: what
 * happened `sent − at` before it was sent, happened so long before it came.
 */

/** A clock may run ahead so far before it is not believed. */
export const AHEAD_MAX_MS = 60_000
/** A message may be so long on its way (in a broker, while the server was away) before its clock is not believed. */
export const BEHIND_MAX_MS = 12 * 3600_000

/** How wrong the vehicle's clock is, in ms it must be set forward; 0: it is believed. */
export function clockError(sent: number, receivedAt: number): number {
  const behind = receivedAt - sent
  return behind < -AHEAD_MAX_MS || behind > BEHIND_MAX_MS ? behind : 0
}

/** What is this old when it comes is late, though it is no history that the vehicle had kept. */
export const LATE_MS = 60_000
