import { expect, test } from 'vitest'
import { createHostAgent } from '../../src/machine/host-agent.ts'
import type { HostReader } from '../../src/machine/this-host.ts'
import { createScheduler } from '../../src/simulator/vehicles/scheduler.ts'
import { fakeClock } from '../support/fake-clock.ts'

const sample = { timestamp: '2026-03-02T10:00:00Z', cpu_percent: 1, memory_percent: 1 }

function world(publish: (topic: string) => Promise<void> = async () => {}) {
  const clock = fakeClock()
  const scheduler = createScheduler(clock)
  const published: string[] = []
  const troubles: (string | null)[] = []
  const reader: HostReader = {
    server: async () => ({ ...sample, server_id: 'here', status: 'healthy' }),
    container: async () => null,
    service: () => ({
      ...sample,
      service_name: 'twinloop',
      error_rate_percent: 0,
      p95_response_time_ms: 1,
    }),
  }
  const agent = createHostAgent({
    reader,
    figures: () => ({ requests: 1, failed: 0, sketch: new Map(), cpu: null, memory: null }),
    publish: async topic => {
      await publish(topic)
      published.push(topic)
    },
    blocked: error => troubles.push(error?.message ?? null),
    after: scheduler.after,
  })
  const settle = () => new Promise(resolve => setImmediate(resolve))
  async function pass(seconds: number) {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1000)
      scheduler.run()
      await settle()
    }
  }
  return { agent, published, troubles, pass }
}

test('it reads after a second, then every half minute; what there is none of is not sent', async () => {
  const { agent, published, pass } = world()
  agent.start()
  await pass(1)
  expect(published).toEqual(['estate/server', 'estate/service'])
  await pass(60)
  expect(published).toHaveLength(6)
  await agent.stop()
  await pass(60)
  expect(published).toHaveLength(6)
})

test('a series of failures is told once, and its end', async () => {
  let up = false
  const { agent, published, troubles, pass } = world(async () => {
    if (!up) throw new Error('away')
  })
  agent.start()
  await pass(100)
  expect(troubles).toEqual(['away'])
  up = true
  await pass(30)
  expect(troubles).toEqual(['away', null])
  expect(published).toHaveLength(2)
  await agent.stop()
})

test('a broker that never answers holds up neither the next reading nor the end', async () => {
  let sent = 0
  const { agent, troubles, pass } = world(() => {
    sent++
    return new Promise(() => {})
  })
  agent.start()
  await pass(22)
  expect(troubles).toEqual(['the broker does not answer'])
  await pass(30)
  expect(sent).toBe(2)
  await agent.stop()
})
