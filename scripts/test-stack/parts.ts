/** Where the parts are, which of them were asked for, and which answer. */
export const partNames = ['prometheus', 'alertmanager', 'loki', 'grafana'] as const
export type PartName = (typeof partNames)[number]

const known: Record<PartName | 'app', { variable: string; fallback: string; health: string }> = {
  app: { variable: 'APP_URL', fallback: 'http://localhost:8000', health: '/readyz' },
  prometheus: { variable: 'PROMETHEUS_URL', fallback: 'http://localhost:9090', health: '/-/ready' },
  alertmanager: { variable: 'ALERTMANAGER_URL', fallback: 'http://localhost:9093', health: '/-/ready' },
  loki: { variable: 'LOKI_URL', fallback: 'http://localhost:3100', health: '/ready' },
  grafana: { variable: 'GRAFANA_URL', fallback: 'http://localhost:3000', health: '/api/health' },
}

export interface Place {
  url: string
  /** Whether somebody named it: then it must be there. */
  wanted: boolean
  /** Whether it is to be asked at all. */
  chosen: boolean
  answers: boolean
}

const PROBE_MS = 2000

/** @param variables the environment @param only the parts to ask */
export async function findParts(
  variables: Record<string, string | undefined>,
  only: readonly string[],
): Promise<Record<PartName | 'app', Place>> {
  const found = await Promise.all(
    Object.entries(known).map(async ([name, { variable, fallback, health }]) => {
      const given = variables[variable]
      const url = (given || fallback).replace(/\/+$/, '')
      const chosen = name === 'app' || only.includes(name)
      return [
        name,
        { url, wanted: Boolean(given), chosen, answers: chosen && (await answers(`${url}${health}`)) },
      ]
    }),
  )
  return Object.fromEntries(found)
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) })).ok
  } catch {
    return false
  }
}
