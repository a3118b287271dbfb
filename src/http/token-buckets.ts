import type { Clock } from '../shared/clock.ts'

const CLIENTS_MAX = 20_000

export interface TokenBuckets {
  /** Takes one token. @returns 0, or the ms until there is one */
  take(client: string): number
  /** Takes none. @returns 0, or the ms until there is one */
  wait(client: string): number
}

/** Bounded token buckets: the clients heard of longest ago are forgotten first. */
export function tokenBuckets({
  perSecond,
  burst,
  clock,
}: {
  perSecond: number
  burst: number
  clock: Clock
}): TokenBuckets {
  const clients = new Map<string, { tokens: number; at: number }>()
  const missingMs = (tokens: number) => (tokens < 1 ? ((1 - tokens) / perSecond) * 1000 : 0)
  const filled = ({ tokens, at }: { tokens: number; at: number }, now: number) =>
    Math.min(burst, tokens + ((now - at) / 1000) * perSecond)

  return {
    take(client) {
      const at = clock.monotonic()
      const known = clients.get(client)
      const bucket = known ?? { tokens: burst, at }
      bucket.tokens = filled(bucket, at)
      bucket.at = at
      if (known) clients.delete(client)
      else if (clients.size >= CLIENTS_MAX)
        for (const oldest of clients.keys()) {
          clients.delete(oldest)
          break
        }
      clients.set(client, bucket)
      const waitMs = missingMs(bucket.tokens)
      if (waitMs === 0) bucket.tokens--
      return waitMs
    },
    wait(client) {
      const known = clients.get(client)
      return known ? missingMs(filled(known, clock.monotonic())) : 0
    },
  }
}
