/** Renews a lease in good time, for as long as it is wanted. */
import { LeaseLost } from './errors.ts'
import { backoffMs } from './retry.ts'
import type { Surroundings } from './surroundings.ts'

export interface LeaseOptions {
  /** When the lease ends, Unix ms of this machine; null: never. */
  endsAt: number | null
  /** When it began, Unix ms of this machine. */
  startedAt: number
  /** @param totalMs how long it may take @returns the new end @throws LeaseLost and others */
  renew(totalMs: number): Promise<number | null>
  /** The lease is over, and nobody could be asked. @param cause the last failure to renew it, if there was one */
  expired(cause: unknown): void
  /** Aborts when nobody needs the lease any more. */
  over: AbortSignal
  surroundings: Pick<Surroundings, 'now' | 'sleep' | 'random'>
}

/** A renewal comes when this share of the lease is left, or a little earlier, so that seats of one moment part. */
const LEFT = 1 / 3
const EARLIER = 0.1
/** However short a lease is. */
const PAUSE_MS = 250
/** Timers stand still while a machine sleeps, and none is longer than 24 days: the clock is looked at now and then. */
const LOOKS = 16
const LOOK_MS = 30_000
/** The time that a renewal has which comes when the lease seems to be over: this clock may be wrong. */
const LAST_TRY_MS = 2000
const pauses = { firstMs: 1000, longestMs: 30_000 }

const nextLookMs = (leftMs: number) => Math.min(leftMs, Math.max(LOOK_MS, leftMs / LOOKS))

/** Resolves when the lease is over, or nobody needs it. */
export async function keepRenewed({ endsAt, startedAt, renew, expired, over, surroundings }: LeaseOptions) {
  const { now, sleep, random } = surroundings
  let failures = 0
  let end = endsAt
  let lengthMs = (end ?? 0) - startedAt
  let dueAt = 0

  const plan = (at: number) => {
    dueAt = Math.max(at, now() + PAUSE_MS)
  }
  const planRenewal = () => plan((end ?? 0) - Math.max(0, lengthMs) * (LEFT + EARLIER * random()))

  planRenewal()
  while (end !== null) {
    while (now() < dueAt && !over.aborted)
      await sleep(nextLookMs(dueAt - now()), { signal: over, background: true })
    if (over.aborted) return
    const askedAt = now()
    const endsNow: number = end
    try {
      end = await renew(Math.max(endsNow - askedAt, LAST_TRY_MS))
      failures = 0
      lengthMs = (end ?? 0) - askedAt
      planRenewal()
    } catch (error) {
      if (over.aborted || error instanceof LeaseLost) return
      if (now() >= endsNow) return expired(error)
      plan(Math.min(endsNow, now() + backoffMs(pauses, ++failures, random())))
    }
  }
}
