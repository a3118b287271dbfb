/** Asks a stack that runs, wherever it runs, what its viewers will ask it. */
import { join } from 'node:path'
import { commandLine } from './command-line.ts'
import { presenterLinkIn } from './stack/presenter-link.ts'
import { induceFailure, sendTraffic } from './test-stack/app-checks.ts'
import { checkEstate, checkEstateLines } from './test-stack/estate-checks.ts'
import { updateVehicles } from './test-stack/fleet-checks.ts'
import { checkGrafana } from './test-stack/grafana-checks.ts'
import { checkLoki } from './test-stack/loki-checks.ts'
import { findParts, type PartName, partNames } from './test-stack/parts.ts'
import { checkAlerts, checkPanels, checkScrape } from './test-stack/prometheus-checks.ts'
import { createReport } from './test-stack/report.ts'

const NOT_ALL_THERE = 2

const help = `Sends traffic to a stack that runs, and asks Prometheus, Loki, Alertmanager and Grafana what viewers ask.

Usage: npm run test:stack -- [options]

  --seconds N   how long the traffic lasts before the questions [20]
  --rate N      things done a second [30]
  --only LIST   ask these parts [prometheus,alertmanager,loki,grafana]
  -h, --help    print this

Addresses come from the environment. A part whose variable is set must be there; one whose variable is
not set is looked for at its usual address, and skipped by name when nothing answers.

  APP_URL           [http://localhost:8000]
  PROMETHEUS_URL    [http://localhost:9090]
  ALERTMANAGER_URL  [http://localhost:9093]
  LOKI_URL          [http://localhost:3100]   LOKI_USER, LOKI_PASSWORD: basic authentication
  GRAFANA_URL       [http://localhost:3000]
  PRESENTER_TOKEN   with it a failure is induced, and the alert must fire and come back to /alerts; and a campaign
                    begins to update vehicles with a release that fails in most of them, and is aborted; and the
                    simulated estate breaks a server for a minute

Exit code: 0 all that was asked for is there and right, 1 something is wrong, 2 a part that was asked for is absent.
`

const values = commandLine(help, {
  seconds: { preset: 20, min: 5, max: 3600 },
  rate: { preset: 30, min: 1, max: 500 },
  only: {
    preset: partNames.join(),
    check: text =>
      text.split(',').every(name => (partNames as readonly string[]).includes(name))
        ? null
        : `must be names of ${partNames.join(', ')} with commas between them`,
  },
})
process.exitCode = await run()

async function run(): Promise<number> {
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  const report = createReport(say)
  const parts = await findParts(process.env, values.only.split(','))
  const { app, prometheus, alertmanager, loki, grafana } = parts
  if (!app.answers) {
    say(`absent   the server: nothing answers at ${app.url}; start it with: npm run stack`)
    return NOT_ALL_THERE
  }
  const absent = partNames.filter(name => !parts[name].answers)
  for (const name of absent)
    report.skip(name, parts[name].chosen ? `nothing answers at ${parts[name].url}` : 'not asked for')

  await report.check('traffic is answered without failures', async () => {
    const summary = await sendTraffic(app.url, values)
    if (summary.failed > 0) throw new Error(`${summary.failed} of ${summary.sent} failed`)
    return `${summary.sent} requests, ${summary.granted} borrows granted`
  })
  if (prometheus.answers) await checkScrape(report, app.url, prometheus.url)

  const token = process.env.PRESENTER_TOKEN ?? tokenOfStack()
  const isEstateBroken = await checkEstate(report, app.url, token)
  const canFail = token !== undefined && prometheus.answers && alertmanager.answers
  if (canFail) {
    await updateVehicles(report, app.url, token)
    await induceFailure(report, app.url, token)
  } else report.skip('an induced failure', 'it needs PRESENTER_TOKEN, Prometheus and Alertmanager')

  if (prometheus.answers) {
    await checkAlerts(report, prometheus.url)
    await checkPanels(report, prometheus.url, canFail)
  }
  if (loki.answers)
    await checkLoki(report, { app: app.url, loki: loki.url, headers: lokiHeaders(), failureInduced: canFail })
  if (loki.answers && isEstateBroken) await checkEstateLines(report, loki.url, lokiHeaders())
  if (grafana.answers) await checkGrafana(report, grafana.url)

  const missing = absent.filter((name: PartName) => parts[name].wanted && parts[name].chosen)
  say(
    `${report.count('ok')} passed, ${report.count('failed')} failed, ${report.count('skipped')} skipped${missing.length > 0 ? `; asked for and absent: ${missing.join(', ')}` : ''}`,
  )
  if (report.count('failed') > 0) return 1
  return missing.length > 0 ? NOT_ALL_THERE : 0
}

function lokiHeaders(): Record<string, string> {
  const { LOKI_USER: user, LOKI_PASSWORD: password } = process.env
  if (!user) return {}
  return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` }
}

/** The presenter's token of a stack that `npm run stack` started here. */
function tokenOfStack(): string | undefined {
  const link = presenterLinkIn(join(process.env.STACK_DATA ?? 'data/stack', 'logs/app.log'))
  return link === null ? undefined : /token=([\w-]+)/.exec(link)?.[1]
}
