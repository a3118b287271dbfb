/** Whatever the network does to its requests, a borrow takes one seat at most, and a return ends it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Unreachable } from '../../src/client/index.ts'
import { ok, statusOf } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'
import { answered, answerLost, type Fault, requestLost, virtualClient } from './virtual.ts'

const faults: Record<string, Fault> = {
  answerLost,
  requestLost,
  badGateway: answered(502),
  unavailable: answered(503, { 'Retry-After': '1' }),
  tooMany: answered(429),
  gatewayTimeout: answered(504),
  // A proxy that sends what it holds back a second time.
  sentTwice: async send => {
    await send()
    return send()
  },
  // The server decided, and a proxy says that it did not.
  decidedBut502: async send => {
    await send()
    return new Response('', { status: 502 })
  },
  none: send => send(),
}
const names = fc.constantFrom(...Object.keys(faults))
const RUNS = 60
const plan = fc.array(names, { maxLength: 12 })

test('any sequence of lost answers and retries takes exactly one seat and returns it', async () => {
  const world = createWorld()
  const { client, network } = virtualClient(world)
  await fc.assert(
    fc.asyncProperty(plan, plan, async (whileBorrowing, whileReturning) => {
      network.faults = whileBorrowing.map(name => faults[name] as Fault)
      const seat = await untilAnswered(key => client.borrow({ tool: 'cad_tool', user: 'alice', ...key }))
      network.faults = []
      expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
      network.faults = whileReturning.map(name => faults[name] as Fault)
      await untilAnswered(() => seat.return())
      expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
      expect(seat.signal.aborted).toBe(false)
    }),
    { numRuns: RUNS, endOnFailure: true },
  )
  const metrics = await (await world.send('GET', '/metrics')).text()
  const granted = Number(metrics.match(/license_borrow_success_total\{tool="cad_tool"\} (\d+)/)?.[1])
  expect(granted).toBe(RUNS)
  expect(await ok(world.send('GET', '/borrows'))).toEqual([])
})

/** Goes on with the same key where the client has given up. */
async function untilAnswered<T>(ask: (key: { key?: string }) => Promise<T>): Promise<T> {
  let key: { key?: string } = {}
  for (;;) {
    try {
      return await ask(key)
    } catch (error) {
      const failed = error as Unreachable
      if (!(error instanceof Unreachable) && (error as { status?: number }).status === undefined) throw error
      if (failed.key) key = { key: failed.key }
    }
  }
}
