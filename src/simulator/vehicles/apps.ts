/** The owners' apps: they look where the vehicle is, lock it, warm it. */
import type { Random } from '../../shared/random.ts'
import { appToken } from '../../vehicle/credentials.ts'
import { between, happens, pick } from './chance.ts'
import type { Scheduler } from './scheduler.ts'

/** Sends a request to the server. */
export type SendAsApp = (
  path: string,
  init: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string },
) => Promise<Response>

export interface AppsOptions {
  send: SendAsApp
  key: string
  vehicles: readonly string[]
  /** Requests a second. */
  rate: number
  random: Random
  scheduler: Scheduler
}

export interface AppCounts {
  requests: number
  /** 5xx, or no answer. */
  failed: number
  /** 401 and 403: a share comes with a wrong token. */
  refused: number
}

export interface Apps {
  start(): void
  stop(): void
  counts(): AppCounts
}

const looks = [
  '/api/vehicle/status',
  '/api/vehicle/location',
  '/api/vehicle/diagnostics',
  '/api/charging/status',
  '/api/navigation/route',
  '/api/user/profile',
] as const
const deeds = ['/api/vehicle/lock', '/api/vehicle/unlock', '/api/remote/climate'] as const
const DEEDS_SHARE = 0.25
const WRONG_TOKEN_SHARE = 0.02
/** No more than this waits for answers; what comes due meanwhile is left out. */
const UNDER_WAY_MAX = 256
const TURN_MS = 100

export function createApps({ send, key, vehicles, rate, random, scheduler }: AppsOptions): Apps {
  const counts: AppCounts = { requests: 0, failed: 0, refused: 0 }
  let underWay = 0
  let due = 0
  let stopped = false

  async function ask() {
    const vehicle = pick(random, vehicles)
    const isWrong = happens(random, WRONG_TOKEN_SHARE)
    const authorization = `Bearer ${isWrong ? 'not-the-token' : appToken(key, vehicle)}`
    const isDeed = happens(random, DEEDS_SHARE)
    const path = pick<string>(random, isDeed ? deeds : looks)
    const change = path.endsWith('climate')
      ? { on: happens(random, 0.7), celsius: Math.round(between(random, 18, 24)) }
      : {}
    if (underWay >= UNDER_WAY_MAX) return
    underWay++
    counts.requests++
    try {
      const response = isDeed
        ? await send(path, {
            method: 'POST',
            headers: { authorization, 'content-type': 'application/json' },
            body: JSON.stringify({ vehicle_id: vehicle, ...change }),
          })
        : await send(`${path}?vehicle_id=${vehicle}`, { method: 'GET', headers: { authorization } })
      if (response.status >= 500) counts.failed++
      if (response.status === 401 || response.status === 403) counts.refused++
      await response.body?.cancel()
    } catch {
      counts.failed++
    } finally {
      underWay--
    }
  }

  function turn() {
    if (stopped) return
    for (due += (rate * TURN_MS) / 1000; due >= 1; due--) void ask()
    scheduler.after(TURN_MS, turn)
  }

  return {
    start: () => {
      if (rate > 0) turn()
    },
    stop: () => {
      stopped = true
    },
    counts: () => ({ ...counts }),
  }
}
