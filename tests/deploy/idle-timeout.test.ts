/** Proxies end a connection on which nothing was said for a minute. */
import { expect, test } from 'vitest'
import { websocketLimits } from '../../src/http/websocket.ts'
import { readEvents } from '../support/event-reader.ts'
import { listening } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

const PROXY_IDLE_MS = 60_000

test('a stream with nothing new to say speaks twice before a proxy would end it', async () => {
  const world = createWorld()
  const { port } = await listening(world)
  const reader = await readEvents(port, { topics: 'pools' })
  await reader.until(({ event }) => event === 'pools')
  const beats = () => reader.messages.filter(({ event }) => event === 'heartbeat').length
  for (const wanted of [1, 2]) {
    world.clock.advance(PROXY_IDLE_MS / 3)
    await expect.poll(beats, { timeout: 10_000 }).toBe(wanted)
  }
})

test('so does a WebSocket, by its pings', () => {
  expect(websocketLimits.pingEveryMs).toBeLessThanOrEqual(PROXY_IDLE_MS / 2)
})
