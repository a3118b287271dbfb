/** What Grafana must show, to an anonymous viewer. */
import { dashboards } from '../../src/dashboards/index.ts'
import { ask } from './ask.ts'
import type { Report } from './report.ts'

export async function checkGrafana(report: Report, grafana: string): Promise<void> {
  await report.check('Grafana has its database', async () => {
    const { database, version } = await ask<{ database: string; version: string }>(`${grafana}/api/health`)
    if (database !== 'ok') throw new Error(`its database is ${database}`)
    return version
  })
  for (const { uid, title } of dashboards)
    await report.check(`dashboard ${title} is there`, async () => {
      await ask(`${grafana}/api/dashboards/uid/${uid}`)
    })
  for (const [uid, expr] of [
    ['prometheus', 'up'],
    ['loki', '{job="license-server"}'],
  ])
    await report.check(`data source ${uid} answers through Grafana`, async () => {
      const query = { refId: 'A', datasource: { uid }, expr, queryType: 'range', instant: false, range: true }
      const { results } = await ask<{ results: { A: { error?: string } } }>(`${grafana}/api/ds/query`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ queries: [query], from: 'now-15m', to: 'now' }),
      })
      if (results.A.error) throw new Error(results.A.error)
    })
}
