/** What the estate must answer, and a fault that the simulation is asked for, so that the log tells of it. */
import { ask, postJson, until } from './ask.ts'
import type { Report } from './report.ts'

/** A sample a machine each 30 s, and the time it takes to the database. */
const SAMPLES_MS = 60_000
const STAGES_MS = 60_000
const LINE_MS = 10_000
const LOOK_BACK_SECONDS = 900
const FAULT_SECONDS = 60

/** One of each group of the API, with rows as soon as there are samples. */
const lists = [
  '/api/servers/current',
  '/api/servers/by-region',
  '/api/servers/top-cpu',
  '/api/containers/current',
  '/api/containers/by-service',
  '/api/services/performance',
  '/api/services/availability',
  '/api/analytics/regional-summary',
]

interface Pipeline {
  status: string
  stages: { stage: string; state: string; problem: string | null }[]
}

/**
 * Whether there is an estate, its answers, and its stages.
 * @param token the presenter's; with it something is broken on purpose
 * @returns whether the simulation broke something
 */
export async function checkEstate(report: Report, app: string, token?: string): Promise<boolean> {
  const total = await serversOf(app).catch(() => 0)
  if (total === 0) {
    report.skip('the estate', 'it has no server; start some: npm run estate')
    return false
  }
  await report.check('every part of the estate’s API answers with rows', async () => {
    for (const path of lists)
      await until(
        `a row of ${path}`,
        SAMPLES_MS,
        async () => (await ask<unknown[]>(`${app}${path}`)).length > 0,
      )
    return `${total} servers`
  })
  await report.check('the estate has a health score, from 0 to 100', async () => {
    const { found } = await until('the score', SAMPLES_MS, async () => {
      const { score } = await ask<{ score: number | null }>(`${app}/api/analytics/system-health`)
      return score === null ? undefined : { score }
    })
    if (found.score < 0 || found.score > 100) throw new Error(`it is ${found.score}`)
    return String(found.score)
  })
  await report.check('every stage of the pipeline that ever spoke runs', async () => {
    let ill = ''
    const look = async () => {
      const { stages } = await ask<Pipeline>(`${app}/estate/pipeline`)
      ill = stages
        .filter(({ state }) => state === 'failing' || state === 'stopped')
        .map(({ stage, state, problem }) => `${stage} is ${state}: ${problem}`)
        .join('; ')
      return ill === ''
    }
    await until('a pipeline that is well', STAGES_MS, look).catch((error: Error) => {
      throw new Error(`${error.message}: ${ill}`)
    })
  })
  return token === undefined ? false : breakSomething(report, app, token)
}

/** How many servers were heard of. @throws Error when none is within a minute */
async function serversOf(app: string): Promise<number> {
  const { found } = await until('a server of the estate', SAMPLES_MS, async () => {
    const { summary } = await ask<{ summary: { servers: { total: number } } }>(`${app}/estate/summary`)
    return summary.servers.total > 0 && summary.servers.total
  })
  return found
}

async function breakSomething(report: Report, app: string, token: string): Promise<boolean> {
  let isBroken = false
  await report.check('the simulation breaks something on purpose', async () => {
    const body = { kind: 'cpu_saturation', seconds: FAULT_SECONDS }
    const headers = { authorization: `Bearer ${token}` }
    const { resource } = await ask<{ resource: string }>(`${app}/estate/faults`, postJson(body, headers))
    isBroken = true
    return resource
  })
  return isBroken
}

/** The fault has its line, and no label of its own. */
export async function checkEstateLines(
  report: Report,
  loki: string,
  headers: Record<string, string>,
): Promise<void> {
  const query = '{job="license-server", event="estate_fault_injected"} | json | kind="cpu_saturation"'
  await report.check(query, async () => {
    const end = Math.floor(Date.now() / 1000) + 60
    const span = { query, start: String(end - LOOK_BACK_SECONDS), end: String(end) }
    await until('the line', LINE_MS, async () => {
      const { data } = await ask<{ data: { result: unknown[] } }>(
        `${loki}/loki/api/v1/query_range?${new URLSearchParams(span)}`,
        { headers },
      )
      return data.result.length > 0
    })
  })
}
