/** Asks the parts of the stack how they are, while somebody wants to know. */
import type { Clock } from '../shared/clock.ts'
import type { StackReply } from './api.ts'

export type Part = StackReply['parts'][number]

export interface StackHealthOptions {
  addresses: { prometheus: string; alertmanager: string; loki: string; grafana: string }
  clock: Clock
  /** Asks a part whether it is ready; replaced in tests. */
  fetch: (url: string, init: { signal: AbortSignal }) => Promise<{ ok: boolean; status: number }>
  /** The parts in this process: asked each time. */
  own: () => Promise<Part[]>
}

export interface StackHealth {
  /** As of a few seconds ago. */
  parts(): Promise<Part[]>
}

const probes = [
  { name: 'prometheus', title: 'Prometheus', path: '/-/ready' },
  { name: 'alertmanager', title: 'Alertmanager', path: '/-/ready' },
  { name: 'loki', title: 'Loki', path: '/ready' },
  { name: 'grafana', title: 'Grafana', path: '/api/health' },
] as const

const EVERY_MS = 5000
const WAITS_MS = 1500

export function createStackHealth({ addresses, clock, fetch, own }: StackHealthOptions): StackHealth {
  let known: Promise<Part[]> | null = null
  let askedAt = Number.NEGATIVE_INFINITY

  async function ask({ name, title, path }: (typeof probes)[number]): Promise<Part> {
    const address = addresses[name].replace(/\/$/, '')
    const startedAt = clock.monotonic()
    const tell = (state: Part['state'], detail: string): Part => ({
      name,
      title,
      state,
      detail,
      url: state === 'absent' ? null : forBrowsers(address),
      took_ms: state === 'absent' ? null : Math.round(clock.monotonic() - startedAt),
    })
    try {
      const { ok, status } = await fetch(`${address}${path}`, { signal: AbortSignal.timeout(WAITS_MS) })
      return ok ? tell('up', 'ready') : tell('failing', `answers ${status}`)
    } catch (error) {
      const timedOut = (error as Error).name === 'TimeoutError'
      return timedOut ? tell('failing', 'does not answer') : tell('absent', 'not started')
    }
  }

  return {
    async parts() {
      if (!known || clock.monotonic() - askedAt >= EVERY_MS) {
        askedAt = clock.monotonic()
        known = Promise.all(probes.map(ask))
      }
      return [...(await own()), ...(await known)]
    },
  }
}

/** A container's name means nothing to a browser; its port is published on the same number. */
function forBrowsers(address: string): string {
  const url = new URL(address)
  if (!url.hostname.includes('.') || url.hostname.startsWith('127.')) url.hostname = 'localhost'
  return url.href.replace(/\/$/, '')
}
