/** A campaign that begins, so that everything about updates can be looked for. */
import { ask, postJson, until } from './ask.ts'
import type { Report } from './report.ts'

/** A vehicle downloads, installs, reboots and tests itself: minutes at its real speed. */
const ENDS_MS = 300_000
const KPI_MS = 65_000

interface Campaign {
  id: string
  state: string
  by_state: Record<string, number>
}

/**
 * Offers a release whose self-test fails in most vehicles, and waits until the first update ended.
 * @param token the presenter's
 */
export async function updateVehicles(report: Report, app: string, token: string): Promise<void> {
  const summary = await ask<{ online: number }>(`${app}/fleet/summary`)
  if (summary.online === 0) {
    report.skip('an update of vehicles', 'none is connected; start some: npm run fleet')
    return
  }
  const post = <T>(path: string, body: object = {}) =>
    ask<T>(`${app}${path}`, postJson(body, { authorization: `Bearer ${token}` }))
  const now = Date.now()
  // Above every release that was made by hand, and another each second.
  const version = `9000.${Math.floor(now / 3_600_000) % 10_000}.${Math.floor(now / 1000) % 3600}`
  let id = ''
  await report.check('a campaign begins, and an update ends', async () => {
    await post('/fleet/releases', { version, simulation: { self_test_failure_percent: 60 } })
    const request = {
      name: 'test-stack',
      release_version: version,
      waves: [30, 70],
      battery_floor_percent: 20,
    }
    id = (await post<Campaign>('/fleet/campaigns', request)).id
    await post(`/fleet/campaigns/${id}/approve`)
    await post(`/fleet/campaigns/${id}/start`)
    const { found, tookMs } = await until('the end of an update', ENDS_MS, async () => {
      const { by_state: states } = await ask<Campaign>(`${app}/fleet/campaigns/${id}`)
      return ['SUCCEEDED', 'ROLLED_BACK', 'FAILED'].find(state => (states[state] ?? 0) > 0)
    })
    return `${found} after ${(tookMs / 1000).toFixed(1)} s`
  })
  await report.check('the figures of the vehicle API are taken each minute', async () => {
    const { tookMs } = await until('a snapshot with a latency', KPI_MS, async () => {
      const { snapshots } = await ask<{ snapshots: { value: number | null }[] }>(
        `${app}/api/analytics/kpis/history?kpi=p95_latency_ms&hours=1&limit=1`,
      )
      return snapshots.some(({ value }) => value !== null)
    })
    return `after ${(tookMs / 1000).toFixed(1)} s`
  })
  if (id !== '') await post(`/fleet/campaigns/${id}/abort`).catch(() => {})
}
