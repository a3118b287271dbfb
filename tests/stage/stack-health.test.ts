import { expect, test } from 'vitest'
import { createStackHealth } from '../../src/stage/stack-health.ts'
import { fakeClock } from '../support/fake-clock.ts'

const addresses = {
  prometheus: 'http://127.0.0.1:9090/',
  alertmanager: 'http://alertmanager:9093',
  loki: 'http://127.0.0.1:3100',
  grafana: 'https://grafana.example/stage',
}

function healthWith(answer: (url: string) => Promise<{ ok: boolean; status: number }>) {
  const clock = fakeClock()
  const asked: string[] = []
  const health = createStackHealth({
    addresses,
    clock,
    own: async () => [],
    fetch: url => {
      asked.push(url)
      return answer(url)
    },
  })
  return { clock, health, asked }
}

test('each part is asked whether it is ready, and told where a browser finds it', async () => {
  const { health, asked } = healthWith(async () => ({ ok: true, status: 200 }))
  expect(await health.parts()).toMatchObject([
    { name: 'prometheus', state: 'up', url: 'http://localhost:9090' },
    { name: 'alertmanager', state: 'up', url: 'http://localhost:9093' },
    { name: 'loki', state: 'up', url: 'http://localhost:3100' },
    { name: 'grafana', state: 'up', url: 'https://grafana.example/stage' },
  ])
  expect(asked).toEqual([
    'http://127.0.0.1:9090/-/ready',
    'http://alertmanager:9093/-/ready',
    'http://127.0.0.1:3100/ready',
    'https://grafana.example/stage/api/health',
  ])
})

test('what is not there is absent, what answers badly or not in time is failing', async () => {
  const { health } = healthWith(async url => {
    if (url.includes('9090')) throw new TypeError('fetch failed')
    if (url.includes('3100')) throw new DOMException('too late', 'TimeoutError')
    return { ok: false, status: 503 }
  })
  const parts = await health.parts()
  expect(parts.map(({ state, url }) => [state, url === null])).toEqual([
    ['absent', true],
    ['failing', false],
    ['failing', false],
    ['failing', false],
  ])
})

test('however many ask, each part is asked once in five seconds', async () => {
  const { health, asked, clock } = healthWith(async () => ({ ok: true, status: 200 }))
  await Promise.all(Array.from({ length: 20 }, () => health.parts()))
  clock.advance(4999)
  await health.parts()
  expect(asked).toHaveLength(4)
  clock.advance(1)
  await health.parts()
  expect(asked).toHaveLength(8)
})
