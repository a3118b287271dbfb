let offsetMs = 0

/** Learns how far this device's clock is from the server's. @param at RFC 3339, from a live frame */
export function noteServerTime(at: string): void {
  const serverMs = Date.parse(at)
  if (Number.isFinite(serverMs)) offsetMs = serverMs - Date.now()
}

/** Unix milliseconds by the server's clock: leases end by it, whatever the phone believes. */
export const serverNow = (): number => Date.now() + offsetMs
