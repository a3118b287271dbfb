import { expect, test } from 'vitest'
import { expectProblem } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

test('a fault of ours says no more than the request id', async () => {
  const world = createWorld()
  world.app.ledger.pools = async () => {
    throw new Error('SELECT secret FROM /var/lib/licenses.db')
  }
  const response = await world.send('GET', '/licenses/status', undefined, { 'x-request-id': 'fault-1' })
  const body = await expectProblem(response, 'internal')
  expect(body).toMatchObject({ request_id: 'fault-1', detail: expect.stringContaining('fault-1') })
  expect(JSON.stringify(body)).not.toMatch(/SELECT|licenses\.db|\.ts|\.js/)
  expect(world.lines().filter(({ event }) => event === 'internal_error')).toMatchObject([
    {
      level: 'error',
      request_id: 'fault-1',
      error: 'SELECT secret FROM /var/lib/licenses.db',
      stack: expect.any(String),
    },
  ])
})
