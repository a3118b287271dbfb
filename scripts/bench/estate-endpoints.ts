/** How long every question about the estate takes over HTTP. */
import { setTimeout as wait } from 'node:timers/promises'
import { endpoints } from '../../src/estate/operations.ts'

export interface EndpointCost {
  /** With its query. */
  path: string
  /** ms */
  p50: number
  p95: number
  bytes: number
}

/** Beside what is asked by default: the longest, and the widest. */
const queries: Record<string, readonly string[]> = {
  serversCurrent: ['limit=100&sort=cpu_percent&order=desc'],
  serversTrend: ['hours=168', 'hours=168&interval=5min'],
  diskUsage: ['threshold=0&limit=1000'],
  uptimeSummary: ['hours=168&limit=1000'],
  throughput: ['hours=168'],
  servicePerformance: ['hours=168'],
  latencyTrend: ['hours=72', 'hours=168', 'hours=168&interval=5min&service=checkout'],
  errorRateTrend: ['hours=72', 'hours=168'],
  latencyPercentiles: ['hours=168'],
  availability: ['hours=168'],
  healthTrend: ['hours=168'],
  dailyStats: ['days=7'],
  capacityForecast: ['days=30'],
}
const others = ['/estate/summary', '/estate/pipeline', '/ws/connections', '/health']
/** Answers are shared for a second: a round begins that long after the one before, so that none is asked for what was kept. */
const PAUSE_MS = 1100

/**
 * One question at a time, so that nobody waits for another.
 * @param rounds how often each is asked
 */
export async function benchEndpoints({
  baseUrl,
  rounds,
}: {
  baseUrl: string
  rounds: number
}): Promise<EndpointCost[]> {
  const paths = endpoints.flatMap(({ kind, paths: [path] }) => [
    path,
    ...(queries[kind] ?? []).map(query => `${path}?${query}`),
  ])
  const all = [...paths, ...others].map(path => ({ path, took: [] as number[], bytes: 0 }))
  for (let round = 0; round < rounds; round++) {
    if (round > 0) await wait(PAUSE_MS)
    for (const one of all) {
      const askedAt = performance.now()
      const response = await fetch(`${baseUrl}${one.path}`)
      const body = await response.arrayBuffer()
      one.took.push(performance.now() - askedAt)
      one.bytes = body.byteLength
      if (!response.ok && one.path !== '/health')
        throw new Error(`${one.path} answers ${response.status}: ${new TextDecoder().decode(body)}`)
    }
  }
  return all.map(({ path, took, bytes }) => ({
    path,
    p50: quantile(took, 0.5),
    p95: quantile(took, 0.95),
    bytes,
  }))
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
