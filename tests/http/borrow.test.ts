import { expect, test } from 'vitest'
import { createWorld } from '../support/world.ts'

test('a borrow answers with its id, tool, user and time', async () => {
  const world = createWorld()
  const response = await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'alice' })
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({
    id: expect.stringMatching(/^[\da-f-]{36}$/),
    tool: 'cad_tool',
    user: 'alice',
    borrowed_at: '2026-03-02T10:00:00.000Z',
    is_overage: false,
  })
})
