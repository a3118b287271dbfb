/** Samples of which a test knows every one: who says them, when, and their numbers. */
import type { ResourceKind } from '../../../src/machine/topics.ts'
import { rfc3339 } from '../../../src/shared/clock.ts'

export const SECONDS = 30
export const BOOT = 'known'

const values = {
  server: (name: string) => ({ server_id: name, cpu_percent: 12.5, memory_percent: 50, status: 'healthy' }),
  container: (name: string) => ({
    container_id: name,
    service_name: 'checkout',
    cpu_percent: 10,
    memory_mb: 100,
    health: 'healthy',
  }),
  service: (name: string) => ({
    service_name: 'checkout',
    instance_id: name,
    total_requests: 7,
    failed_requests: 0,
    error_rate_percent: 0,
    p95_response_time_ms: 12,
  }),
} satisfies Record<ResourceKind, (name: string) => object>

export interface Known {
  kind: ResourceKind
  name: string
  at: number
  seq: number
}

/** @param newest Unix ms @param resources of each kind @param each how many samples each of them says */
export function knownSamples(newest: number, resources: number, each: number): Known[] {
  const first = Math.floor(newest / 1000) * 1000 - each * SECONDS * 1000
  const known: Known[] = []
  for (let seq = 0; seq < each; seq++)
    for (const kind of ['server', 'container', 'service'] as const)
      for (let index = 0; index < resources; index++)
        known.push({ kind, name: `${kind}-${index}`, at: first + seq * SECONDS * 1000 + index, seq })
  return known
}

/** Messages of up to so many samples of one kind, in the order of their time. */
export function messagesOf(known: readonly Known[], size: number) {
  const messages: { topic: string; payload: string; samples: readonly Known[] }[] = []
  for (const kind of ['server', 'container', 'service'] as const) {
    const own = known.filter(sample => sample.kind === kind)
    for (let from = 0; from < own.length; from += size) {
      const samples = own.slice(from, from + size)
      const payload = samples.map(({ name, at, seq }) => ({
        ...values[kind](name),
        timestamp: rfc3339(at),
        boot: BOOT,
        seq,
        interval_seconds: SECONDS,
        region: 'north',
        environment: 'production',
      }))
      messages.push({ topic: `estate/${kind}`, payload: JSON.stringify(payload), samples })
    }
  }
  return messages.sort((a, b) => (a.samples[0]?.at ?? 0) - (b.samples[0]?.at ?? 0))
}
