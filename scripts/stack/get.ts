/** How people get the programs of the parts. */
import { existsSync } from 'node:fs'
import { type PartName, parts } from './parts.ts'

export type Platform = 'debian' | 'macos' | 'other'

/** What kind of machine this is. */
export const platformHere = (): Platform =>
  process.platform === 'darwin' ? 'macos' : existsSync('/usr/bin/apt-get') ? 'debian' : 'other'

const packages: Record<Platform, { command: string; has: Partial<Record<PartName, string>> }> = {
  debian: {
    command: 'apt-get install',
    has: { prometheus: 'prometheus', alertmanager: 'prometheus-alertmanager' },
  },
  macos: {
    command: 'brew install',
    has: { prometheus: 'prometheus', loki: 'loki', promtail: 'promtail', grafana: 'grafana' },
  },
  other: { command: '', has: {} },
}

const pages: Record<PartName, string> = {
  prometheus: 'the download page of Prometheus (prometheus.io/download)',
  alertmanager: 'the download page of Prometheus (prometheus.io/download)',
  loki: 'the releases of Loki on GitHub (grafana/loki)',
  promtail: 'the releases of Loki 3.6 on GitHub (grafana/loki; the last ones with Promtail)',
  grafana: 'the download page of Grafana (grafana.com/grafana/download)',
}

/** The ways to get parts, a line for each: one command for all that have a package, then pages. */
export function waysToGet(missing: readonly PartName[], platform: Platform): string[] {
  const { command, has } = packages[platform]
  const packaged = missing.flatMap(name => has[name] ?? [])
  const elsewhere = missing.filter(name => !has[name])
  const byPage = [...new Set(elsewhere.map(name => pages[name]))].map(
    page => `${elsewhere.filter(name => pages[name] === page).join(', ')}: from ${page}`,
  )
  return packaged.length > 0 ? [`${command} ${packaged.join(' ')}`, ...byPage] : byPage
}

/** What is said below the table; empty when nothing is missing. */
export function howToGet(missing: readonly PartName[], platform: Platform): string {
  if (missing.length === 0) return ''
  const variables = missing.map(name => parts[name].binVariable).join(', ')
  const lines = [
    ...waysToGet(missing, platform),
    `or name what you have elsewhere by ${variables}; or run everything in containers: docker compose up --build`,
  ]
  return `The demo runs without ${missing.join(', ')}. To get what is missing:\n${lines.map(line => `  ${line}\n`).join('')}`
}
