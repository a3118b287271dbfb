/** The traffic that everything else is looked for in, and the failure that makes an alert fire. */
import { setTimeout as wait } from 'node:timers/promises'
import { seededRandom } from '../../src/shared/random.ts'
import { runTraffic } from '../../src/simulator/traffic.ts'
import { sendTo } from '../send-to.ts'
import { ask, postJson, until } from './ask.ts'
import type { Report } from './report.ts'

const JSON_HEADERS = { 'content-type': 'application/json' }

/** Seeded traffic. @returns when it is over @throws Error when the server failed requests that no fault hit */
export async function sendTraffic(
  app: string,
  { rate, seconds, signal }: { rate: number; seconds: number; signal?: AbortSignal },
) {
  return runTraffic({
    send: sendTo(app),
    random: seededRandom(1),
    rate,
    seconds,
    wait,
    ...(signal && { signal }),
  })
}

/** One borrow that can be found again. @returns its request id */
export async function borrowOnce(app: string): Promise<string> {
  const [pool] = await ask<{ tool: string }[]>(`${app}/licenses/status`)
  const requestId = `test-stack-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`
  const headers = { ...JSON_HEADERS, 'x-request-id': requestId }
  const body = JSON.stringify({ tool: pool?.tool, user: 'test-stack' })
  const response = await fetch(`${app}/licenses/borrow`, { method: 'POST', headers, body })
  if (response.ok) {
    const { id } = (await response.json()) as { id: string }
    await ask(`${app}/licenses/return`, postJson({ id }))
  } else if (response.status !== 409) throw new Error(`the borrow was answered ${response.status}`)
  return requestId
}

/** What a page sends when an answer led to an error. @returns the request id that the report names */
export async function reportFrontendError(app: string): Promise<string> {
  const requestId = await borrowOnce(app)
  await ask(`${app}/frontend-error`, postJson({ message: 'an error of test-stack', request_id: requestId }))
  return requestId
}

const FIRES_MS = 60_000
const HEALS_MS = 180_000

interface AlertList {
  alerts: { name: string; demo_time: boolean; severity: string; starts_at: string; ends_at: string | null }[]
}

/**
 * Switches a fault on, waits until Alertmanager has told the server of the alert, switches it off and
 * waits for the all-clear.
 * @param token the presenter's
 */
export async function induceFailure(report: Report, app: string, token: string): Promise<void> {
  const headers = { ...JSON_HEADERS, authorization: `Bearer ${token}` }
  const begin = Date.now()
  const mine = ({ name, demo_time, severity, starts_at }: AlertList['alerts'][number]) =>
    name === 'BorrowAvailabilityBurn' &&
    demo_time &&
    severity === 'page' &&
    Date.parse(starts_at) > begin - 5000
  const alert = async () => (await ask<AlertList>(`${app}/alerts`)).alerts.find(mine)
  const body = JSON.stringify({ errors: { share: 0.6 }, latency: { share: 0.3, ms: 400 }, seconds: 120 })
  const over = new AbortController()
  const traffic = sendTraffic(app, { rate: 30, seconds: 300, signal: over.signal })
  try {
    await report.check('an induced failure fires the demo-time alert, and the webhook shows it', async () => {
      await ask(`${app}/faults`, { method: 'PUT', headers, body })
      const { tookMs } = await until('the alert at /alerts', FIRES_MS, alert)
      return `after ${(tookMs / 1000).toFixed(1)} s`
    })
  } finally {
    await ask(`${app}/faults`, { method: 'DELETE', headers })
  }
  await report.check('healed, the alert is over', async () => {
    const { tookMs } = await until('the end of the alert at /alerts', HEALS_MS, async () =>
      (await alert())?.ends_at ? true : undefined,
    )
    return `after ${(tookMs / 1000).toFixed(1)} s`
  })
  over.abort()
  await traffic
}
