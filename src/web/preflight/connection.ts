/** How well this device reaches the server: measured here, never assumed. */
import { call } from '../api.ts'
import { Problem } from '../problem.ts'
import { bad, type Check, good, median, note, took, unknown } from './check.ts'

const LOAD_MAX_MS = 3000
const ROUND_TRIP_MAX_MS = 200
const POST_MAX_MS = 400
const OFFSET_MAX_MS = 2000
const TRIPS = 5
const NO_LICENSE = '00000000-0000-4000-8000-000000000000'

/** Runs it a few times, one after the other. @returns how long each took, in ms */
async function timed(action: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let trip = 0; trip < TRIPS; trip++) {
    const from = performance.now()
    await action()
    times.push(performance.now() - from)
  }
  return times
}

export const pageLoad: Check = {
  title: 'The page loads',
  what: 'This page, from the first byte that was asked for to the last that came.',
  async run() {
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    if (!entry || entry.loadEventEnd === 0) return unknown('This browser does not tell.', 'Reload the page.')
    const ms = entry.loadEventEnd - entry.startTime
    const found = `${took(ms)} when it was opened`
    return ms <= LOAD_MAX_MS
      ? good(found)
      : bad(found, 'Come nearer to the access point, or offer phones a network of your own.')
  },
}

export const roundTrip: Check = {
  title: 'The way to the server and back',
  what: 'GET /version, the middle of five.',
  async run() {
    const ms = median(await timed(() => call('/version')))
    const found = took(ms)
    return ms <= ROUND_TRIP_MAX_MS
      ? good(found)
      : bad(found, 'The network is slow: move closer, or run the server on the machine on stage.')
  },
}

export const posting: Check = {
  title: 'The server takes requests',
  what: 'POST /licenses/return of a license that does not exist, the middle of five: it must be refused.',
  async run() {
    let refused = 0
    const ms = median(
      await timed(async () => {
        try {
          await call('/licenses/return', { method: 'POST', body: { id: NO_LICENSE } })
        } catch (error) {
          if (!(error instanceof Problem) || error.reason !== 'unknown_borrow') throw error
          refused++
        }
      }),
    )
    const found = `${took(ms)}, refused ${refused} of ${TRIPS} times as it should`
    if (refused < TRIPS) return bad(found, 'Something between here and the server answers in its place.')
    return ms <= POST_MAX_MS
      ? good(found)
      : bad(found, 'The server is busy or the network slow: look at the dashboard’s latency.')
  },
}

export const clocks: Check = {
  title: 'The clocks agree',
  what: 'This device’s clock against the time in the server’s frames, less half of the way.',
  async run() {
    const offsets: number[] = []
    await timed(async () => {
      const from = performance.now()
      const { data } = await call<{ pools: { at: string } }>('/stream/snapshot?topics=pools')
      offsets.push(Date.parse(data.pools.at) + (performance.now() - from) / 2 - Date.now())
    })
    const ms = median(offsets)
    if (Number.isNaN(ms)) return unknown('The server did not tell its time.')
    const found = `The server is ${took(Math.abs(ms))} ${ms < 0 ? 'behind' : 'ahead'}`
    return Math.abs(ms) <= OFFSET_MAX_MS
      ? good(found)
      : note(found, 'Countdowns follow the server’s clock; only log times differ. Switch on automatic time.')
  },
}

export const secureContext: Check = {
  title: 'A secure context',
  what: 'Whether the browser trusts this address with the clipboard and with keeping the screen on.',
  async run() {
    return isSecureContext
      ? good('Yes')
      : note(
          'No: plain HTTP',
          'Nothing to mend. Copying selects the text instead, and the phone’s own setting must keep its screen on.',
        )
  },
}
