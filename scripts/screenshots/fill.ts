/** Gives a fresh server something to show: the same people, traffic, releases and faults each time. */
import { setTimeout as wait } from 'node:timers/promises'
import type { ServerToShow } from './server.ts'

const EVERY_MS = 1000
/** The dashboard draws five minutes; this much of them has traffic. */
const TRAFFIC_SECONDS = 200
/** Of traffic before the bad release, to see the change. */
const CLEAN_SECONDS = 60
const holders = [
  { tool: 'cad_tool', user: 'alice' },
  { tool: 'cad_tool', user: 'chen' },
  { tool: 'simulation', user: 'dana' },
  { tool: 'simulation', user: 'emil' },
  { tool: 'simulation', user: 'farah' },
  { tool: 'analysis', user: 'grace' },
]

const updating = ['DOWNLOADING', 'DOWNLOADED', 'INSTALLING', 'ACTIVATING', 'SUCCEEDED']

interface Incident {
  subject: string
  resolved_at: string | null
}
type Progress = (text: string) => void

/** A few people hold licenses; one of them above the commit. */
export async function seatPeople({ ask }: ServerToShow, progress: Progress): Promise<void> {
  progress('a few people borrow')
  for (const holder of holders) await ask('POST', '/licenses/borrow', holder)
}

/** Traffic, the estate's past, a fault in it, a bad release that is rolled back, and vehicles that update. Takes minutes. */
export async function makeBusy({ ask }: ServerToShow, progress: Progress): Promise<void> {
  await until('the past of the estate', progress, async () => {
    const { status, history, stages } = await ask('GET', '/estate/pipeline')
    // For a moment at the start nobody has said anything yet, and nothing is known to be missing.
    return status === 'healthy' && history === null && stages[0].instances > 0 && stages[0].done > 1000
  })
  await ask('POST', '/estate/faults', { kind: 'cpu_saturation' })
  // The people of before give their seats back.
  await ask('POST', '/stage/reset')
  progress('simulated traffic begins')
  const since = performance.now()
  await ask('PUT', '/traffic', { rate: 20, seconds: 7200, seed: 7 })
  await wait(CLEAN_SECONDS * 1000)

  await ask('POST', '/scenarios/bad-release/start')
  const burns = async () => (await ask('GET', '/incidents')).incidents as Incident[]
  await until('an incident of the bad release', progress, async () =>
    (await burns()).some(({ subject }) => subject === 'borrow-availability'),
  )
  await wait(5000)
  await ask('POST', '/deployments/rollback')
  await ask('POST', '/scenarios/stop')
  await until('its end', progress, async () => (await burns()).every(({ resolved_at: at }) => at !== null))
  await until('an anomaly in the estate', progress, async () => {
    const anomalies: unknown[] = await ask('GET', '/api/analytics/anomalies?open=true')
    return anomalies.length > 0
  })
  await until('enough to draw', progress, async () => performance.now() - since > TRAFFIC_SECONDS * 1000)

  progress('an update goes out to the fleet')
  await ask('POST', '/fleet/releases', { version: '3.0.0' })
  const { id } = await ask('POST', '/fleet/campaigns', { name: 'spring', release_version: '3.0.0' })
  await ask('POST', `/fleet/campaigns/${id}/approve`)
  await ask('POST', `/fleet/campaigns/${id}/start`)
  await until('a vehicle that updates', progress, async () => {
    const { by_state: states } = await ask('GET', `/fleet/campaigns/${id}`)
    return updating.some(state => states[state] > 0)
  })
}

/** @throws Error after six minutes */
async function until(what: string, progress: Progress, holds: () => Promise<boolean>): Promise<void> {
  progress(`waiting for ${what}`)
  const deadline = performance.now() + 360_000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what} did not come in six minutes`)
    await wait(EVERY_MS)
  }
}
