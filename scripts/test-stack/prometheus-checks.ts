/** What Prometheus must answer. */
import { dashboardQueries, withoutVariables } from '../../src/dashboards/queries.ts'
import { allAlerts } from '../../src/rules/index.ts'
import { JOB, series } from '../../src/telemetry.ts'
import { borrowOnce } from './app-checks.ts'
import { ask, until } from './ask.ts'
import type { Report } from './report.ts'
import { selectorsOf } from './selectors.ts'

interface Answer {
  data: { result: { values?: unknown[]; value?: [number, string] }[] }
}

const SCRAPE_MS = 5000
const SLACK_MS = 3000
/** How long a query may take to have data: two scrapes and two evaluations of the rules, with slack. */
const DATA_MS = 30_000
const LOOK_BACK_SECONDS = 900

function at(prometheus: string) {
  const get = (path: string, parameters: Record<string, string>) =>
    ask<Answer>(`${prometheus}/api/v1/${path}?${new URLSearchParams(parameters)}`)
  return {
    instant: async (query: string) => (await get('query', { query })).data.result,
    /** Whether it has data anywhere in the last quarter of an hour. */
    async hasData(query: string): Promise<boolean> {
      const end = Math.floor(Date.now() / 1000)
      const span = { start: String(end - LOOK_BACK_SECONDS), end: String(end), step: '5' }
      return (await get('query_range', { query, ...span })).data.result.length > 0
    },
  }
}

export async function checkScrape(report: Report, app: string, prometheus: string): Promise<void> {
  const { instant } = at(prometheus)
  const attempts = async () => {
    const [sum] = await instant(`sum(${series('license_borrow_attempts_total')})`)
    return Number(sum?.value?.[1] ?? Number.NaN)
  }
  await report.check(`Prometheus scrapes the job ${JOB}`, async () => {
    await until(
      `up{job="${JOB}"} == 1`,
      DATA_MS,
      async () => (await instant(`up{job="${JOB}"} == 1`)).length > 0,
    )
  })
  await report.check('a borrow is in Prometheus within one scrape', async () => {
    const { found: before } = await until('the count of borrows', DATA_MS, async () => {
      const count = await attempts()
      return Number.isNaN(count) ? undefined : count
    })
    await borrowOnce(app)
    const { tookMs } = await until(
      'the borrow',
      SCRAPE_MS + SLACK_MS,
      async () => (await attempts()) > before,
    )
    return `after ${(tookMs / 1000).toFixed(1)} s`
  })
  await report.check('a bucket of the borrow durations names a request as its exemplar', async () => {
    const query = series('license_borrow_duration_seconds_bucket')
    const end = Date.now() / 1000
    const parameters = { query, start: String(end - LOOK_BACK_SECONDS), end: String(end) }
    const { found } = await until('an exemplar', DATA_MS, async () => {
      const { data } = await ask<{ data: { exemplars: { labels: Record<string, string> }[] }[] }>(
        `${prometheus}/api/v1/query_exemplars?${new URLSearchParams(parameters)}`,
      )
      return data.flatMap(({ exemplars }) => exemplars).find(({ labels }) => labels.request_id)
    })
    return found.labels.request_id ?? ''
  })
}

/**
 * Every query of the dashboards has data. One that shows only what is wrong may be empty; then every
 * series that it reads must exist.
 */
export async function checkPanels(report: Report, prometheus: string, firedOnce: boolean): Promise<void> {
  const { hasData } = at(prometheus)
  for (const { dashboard, panel, language, expr } of dashboardQueries()) {
    if (language !== 'promql') continue
    const name = `${dashboard}, ${panel}: ${expr}`
    const query = withoutVariables(expr)
    if (!firedOnce && query.includes('ALERTS')) {
      report.skip(name, 'no alert was made to fire')
      continue
    }
    await report.check(name, async () => {
      const asked = (await hasData(query)) || !showsTroubleOnly(query) ? [query] : selectorsOf(query)
      for (const each of asked) await until(`data for ${each}`, DATA_MS, () => hasData(each))
      return asked[0] === query ? '' : 'nothing wrong, and its series exist'
    })
  }
}

/** Whether the query is a comparison, which has no sample while it does not hold. */
const showsTroubleOnly = (query: string) => /[<>]=? *[\d.]+\s*$|!= *0\s*$|> .*up\{/.test(query)

/** Every series that an alert reads exists, and Prometheus has its rule. */
export async function checkAlerts(report: Report, prometheus: string): Promise<void> {
  const { hasData } = at(prometheus)
  const { data } = await ask<{
    data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] }
  }>(`${prometheus}/api/v1/rules`)
  const rules = data.groups.flatMap(group => group.rules)
  await report.check('every rule is loaded and was evaluated without an error', async () => {
    const missing = allAlerts().filter(({ alert }) => !rules.some(({ name }) => name === alert))
    if (missing.length > 0) throw new Error(`not loaded: ${missing.map(({ alert }) => alert).join(', ')}`)
    const ill = rules.filter(({ health }) => health === 'err')
    if (ill.length > 0) throw new Error(ill.map(({ name, lastError }) => `${name}: ${lastError}`).join('; '))
    return `${rules.length} rules`
  })
  const alerts = allAlerts().map(({ alert, labels, expr }) => ({
    name: `${alert} (${labels.severity}${labels.time ? `, ${labels.time} time` : ''})`,
    expr,
  }))
  for (const { name, expr } of alerts)
    await report.check(`alert ${name} reads series that exist`, async () => {
      for (const selector of selectorsOf(expr))
        await until(`data for ${selector}`, DATA_MS, () => hasData(selector))
    })
}
