const NOISE_MS = 1500

let offsetMs = 0

/**
 * Learns how far this device's clock is from the server's. Small differences are ignored: they are the
 * whole seconds of the header and the way here, and a countdown should not jump.
 * @param at a time of just now, in whole seconds, as in the `Date` header of an answer
 */
export function noteServerTime(at: string): void {
  const measuredMs = Date.parse(at) + 500 - Date.now()
  if (Math.abs(measuredMs - offsetMs) > NOISE_MS) offsetMs = measuredMs
}

/** Unix milliseconds by the server's clock: leases end by it, whatever the phone believes. */
export const serverNow = (): number => Date.now() + offsetMs
