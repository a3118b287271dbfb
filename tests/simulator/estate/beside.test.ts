import { createServer } from 'node:net'
import { Aedes } from 'aedes'
import { afterEach, expect, test } from 'vitest'
import { faultNotice, type StageReport } from '../../../src/machine/notices.ts'
import { sampleSchemas } from '../../../src/machine/samples.ts'
import { FAULT_TOPIC, kindOfTopic } from '../../../src/machine/topics.ts'
import type { HistoryProgress } from '../../../src/simulator/estate/generator.ts'
import { type GeneratorBeside, runGeneratorBeside } from '../../../src/simulator/estate/run-beside.ts'
import { waitFor } from '../../support/wait-for.ts'

const WAIT_MS = 30_000
const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

async function broker(port = 0) {
  const aedes = await Aedes.createBroker()
  const heard: { topic: string; payload: string }[] = []
  aedes.authenticate = (client, user, password, done) =>
    done(
      null,
      client.id === 'estate-generator' && user === 'estate-generator' && String(password) === 'right',
    )
  aedes.on('publish', ({ topic, payload }, client) => {
    if (client) heard.push({ topic, payload: payload.toString() })
  })
  const server = createServer(aedes.handle)
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  let over = false
  async function stop() {
    if (over) return
    over = true
    await new Promise<void>(resolve => aedes.close(() => server.close(() => resolve())))
  }
  endings.push(stop)
  return { heard, port: (server.address() as { port: number }).port, stop }
}

function run(port: number, { password = 'right', servers = 20 } = {}) {
  const reports: StageReport[] = []
  const steps: HistoryProgress[] = []
  const failures: Error[] = []
  const beside: GeneratorBeside = runGeneratorBeside({
    servers,
    seed: 1,
    intervalSeconds: 5,
    faultsPerDay: 0,
    url: `mqtt://127.0.0.1:${port}`,
    user: 'estate-generator',
    password,
    history: [{ from: Date.UTC(2026, 2, 2, 9), until: Date.UTC(2026, 2, 2, 12) }],
    report: report => reports.push(report),
    progress: step => steps.push(step),
    failed: error => failures.push(error),
  })
  endings.push(beside.stop)
  return { beside, reports, steps, failures }
}

test('in a thread of its own it sends live and history to a broker, breaks what it is asked to, and ends', async () => {
  const { heard, port } = await broker()
  const { beside, reports, steps, failures } = run(port)
  await waitFor(() => steps.at(-1)?.done === steps.at(-1)?.total && steps.length > 0, WAIT_MS)
  expect(steps.at(-1)?.total).toBe(70 * 3 * 12)
  await waitFor(() => heard.some(({ payload }) => payload.includes('sim-1-5s')), WAIT_MS)
  for (const { topic, payload } of heard.slice(0, 30)) {
    const kind = kindOfTopic(topic)
    if (!kind) continue
    for (const sample of JSON.parse(payload).slice(0, 3))
      expect(sampleSchemas[kind].safeParse(sample).error).toBeUndefined()
  }
  const notice = await beside.inject('crash_loop', 'container-00007', 60)
  expect(notice).toMatchObject({ resource: 'container-00007' })
  expect(await beside.inject('crash_loop', 'nobody', 60)).toBeNull()
  await waitFor(() => heard.some(({ topic }) => topic === FAULT_TOPIC), WAIT_MS)
  const said = heard.find(({ topic }) => topic === FAULT_TOPIC)
  expect(faultNotice.parse(JSON.parse(said?.payload ?? ''))).toEqual(notice)
  expect(reports[0]).toMatchObject({ stage: 'generator', instance: 'estate-generator' })
  await beside.stop()
  expect(failures).toEqual([])
  expect(await beside.inject('crash_loop', 'container-00007', 60)).toBe('away')
}, 90_000)

test('a broker that is away or comes back is no end: it says so and goes on', async () => {
  const first = await broker()
  const { reports, failures } = run(first.port)
  await waitFor(() => first.heard.length > 0, WAIT_MS)
  await first.stop()
  await waitFor(() => reports.at(-1)?.problem != null, WAIT_MS)
  const second = await broker(first.port)
  await waitFor(() => second.heard.length > 0, WAIT_MS)
  await waitFor(() => reports.at(-1)?.problem === null, WAIT_MS)
  expect(failures).toEqual([])
}, 120_000)

test('a password that the broker does not take is a problem that is told', async () => {
  const { port } = await broker()
  const { reports } = run(port, { password: 'wrong' })
  await waitFor(() => /not auth|refused/i.test(reports.at(-1)?.problem ?? ''), WAIT_MS)
}, 60_000)

test('a thread that dies is told of, and started anew until it is stopped', async () => {
  const { beside, failures } = run(1, { servers: 0 })
  await waitFor(() => failures.length > 1, WAIT_MS)
  expect(failures[0]?.message).toContain('servers must be 1 to 5000')
  await beside.stop()
  expect(await beside.inject('silence', 'server-0001', 60)).toBe('away')
}, 60_000)
