import { expect, test } from 'vitest'
import { createInProcessBroker } from '../../src/fleet-twin/in-process-broker.ts'
import { createVirtualTime } from '../../src/fleet-twin/virtual-time.ts'
import type { Message } from '../../src/mqtt/link.ts'
import { START } from '../support/fake-clock.ts'

const vehicle = 'vehicle_00001'
const will = { topic: `fleet/${vehicle}/state`, payload: 'gone', retain: true }
const said = (payload: string) => ({ topic: `fleet/${vehicle}/telemetry`, payload, retain: false })

async function aDevice(take: (message: Message) => Promise<void> = async () => {}) {
  const time = createVirtualTime(START)
  const broker = createInProcessBroker(time)
  const taken: string[] = []
  const heard: string[] = []
  const server = broker.link(async message => {
    await take(message)
    taken.push(message.payload.toString())
  })
  await server.start()
  const device = broker.connect({
    vehicle,
    password: '',
    will,
    onOpen: () => {},
    onMessage: (_topic, payload) => void heard.push(payload),
    onEnd: () => {},
  })
  await time.step()
  return { time, server, device, taken, heard }
}

test('a message is acknowledged when it is taken, and time waits for that', async () => {
  let commit = () => {}
  const { time, device, taken } = await aDevice(() => new Promise(resolve => (commit = () => resolve())))
  const acknowledged: string[] = []
  device.publish(said('one'), () => acknowledged.push('one'))
  const before = time.passed
  let isOver = false
  const step = time.step().then(() => (isOver = true))
  await new Promise(resolve => setImmediate(resolve))
  expect([acknowledged, isOver]).toEqual([[], false])
  commit()
  await step
  expect([acknowledged, taken]).toEqual([['one'], ['one']])
  expect(time.passed).toBeGreaterThan(before)
})

test('what was not taken is not acknowledged, nor what a vehicle says for another', async () => {
  const { time, device, taken } = await aDevice(async ({ payload }) => {
    if (payload.toString() === 'full') throw new Error('the disk is full')
  })
  const acknowledged: string[] = []
  device.publish(said('full'), () => acknowledged.push('full'))
  device.publish({ ...said('false'), topic: 'fleet/vehicle_00002/telemetry' }, () =>
    acknowledged.push('false'),
  )
  await time.step()
  expect([acknowledged, taken]).toEqual([[], []])
})

test('the last will comes of a vehicle that is gone without a word, once, and not of one that said goodbye', async () => {
  const lost = await aDevice()
  lost.device.destroy()
  lost.device.destroy()
  await lost.time.step()
  expect(lost.taken).toEqual(['gone'])
  expect(lost.server.connections).toBe(0)
  const left = await aDevice()
  left.device.close()
  left.device.destroy()
  await left.time.step()
  expect(left.taken).toEqual([])
})

test('the server reaches a vehicle while it is connected', async () => {
  const { time, server, device, heard } = await aDevice()
  await server.publish(`fleet/${vehicle}/command`, 'here')
  await time.step()
  device.destroy()
  await server.publish(`fleet/${vehicle}/command`, 'away')
  await time.step()
  expect(heard).toEqual(['here'])
})
