/** What is seen of the server at one moment. */
import type { Answer, Ask } from './ask.ts'
import { jsonOf } from './ask.ts'

export interface Running {
  version: string
  commit: string
}

export interface Look {
  ready: Answer
  version: Answer
  /** null: it does not say. */
  running: Running | null
  /** Objectives whose budget burns so fast that it pages, and the newest incident (0: none); null: not told. */
  delivery: { paging: string[]; newestIncident: number } | null
  /** From /metrics; null: it is not served to the public here. */
  process: { serverErrors: number; startedAt: number } | null
}

interface DeliverySnapshot {
  delivery?: {
    burn?: { objective: string; paging: boolean }[]
    incidents?: { id: number }[]
  }
}

/** Asks for readiness and version only. */
export async function glance(ask: Ask): Promise<Pick<Look, 'ready' | 'version' | 'running'>> {
  const [ready, version] = await Promise.all([ask('/readyz'), ask('/version')])
  return { ready, version, running: jsonOf<Running>(version) }
}

/** Asks for everything that is judged. */
export async function look(ask: Ask): Promise<Look> {
  const [first, snapshot, metrics] = await Promise.all([
    glance(ask),
    ask('/stream/snapshot?topics=delivery'),
    ask('/metrics', { headers: { accept: 'text/plain' } }),
  ])
  return {
    ...first,
    delivery: deliveryIn(jsonOf<DeliverySnapshot>(snapshot)),
    process: metrics.status === 200 ? processIn(metrics.text) : null,
  }
}

function deliveryIn(snapshot: DeliverySnapshot | null): Look['delivery'] {
  const { burn, incidents } = snapshot?.delivery ?? {}
  if (!burn || !incidents) return null
  return {
    paging: burn.filter(({ paging }) => paging).map(({ objective }) => objective),
    newestIncident: Math.max(0, ...incidents.map(({ id }) => id)),
  }
}

/** Sums what the server answered with 5xx, and says when its process began. @returns null when the text has neither */
export function processIn(metrics: string): Look['process'] {
  const startedAt = Number(/^process_start_time_seconds(?:\{[^}]*\})? (\S+)/m.exec(metrics)?.[1])
  const failed = metrics.matchAll(/^http_requests_total\{[^}]*status="5\d\d"[^}]*\} (\S+)/gm)
  const serverErrors = Array.from(failed, ([, count]) => Number(count)).reduce((sum, each) => sum + each, 0)
  return Number.isFinite(startedAt) ? { serverErrors, startedAt } : null
}
