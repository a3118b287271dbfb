/** When a client is suspicious: the thresholds, and how what was found is put together. Pure. */

/** `within a minute`: in any 60 seconds, not in a minute of the clock. */
export const suspicionReasons = [
  'brute_force',
  'repeated_failures',
  'many_vehicles',
  'error_spike',
  'over_rate_limit',
] as const
export type SuspicionReason = (typeof suspicionReasons)[number]

export const thresholds = {
  /** Failed authentications within a minute. */
  bruteForce: 100,
  /** Failed authentications in the window. */
  repeatedFailures: 20,
  /** Distinct vehicles asked for in the window. */
  manyVehicles: 1000,
  /** Requests in the window, half of which failed. */
  errorSpikeRequests: 20,
  errorSpikePercent: 50,
  /** Requests within a minute. */
  overRateLimit: 150,
} as const

export interface Suspicion {
  client: string
  reasons: SuspicionReason[]
}

const LISTED_MAX = 20

/** Those with most reasons first. @param found the clients that each reason applies to */
export function listSuspicions(found: Record<SuspicionReason, readonly string[]>): {
  suspicious: Suspicion[]
  suspiciousTotal: number
} {
  const clients = new Map<string, SuspicionReason[]>()
  for (const reason of suspicionReasons)
    for (const client of found[reason]) clients.set(client, [...(clients.get(client) ?? []), reason])
  const suspicious = Array.from(clients, ([client, reasons]) => ({ client, reasons }))
    .sort((a, b) => b.reasons.length - a.reasons.length || (a.client < b.client ? -1 : 1))
    .slice(0, LISTED_MAX)
  return { suspicious, suspiciousTotal: clients.size }
}
