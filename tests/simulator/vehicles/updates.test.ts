import { expect, test } from 'vitest'
import { createTestFleet, manifest, offerOf } from './fake-broker.ts'

const v = 'vehicle_00001'

test('an update through the vehicle: a reboot, a new boot, numbers from 1, and a new state before the last word', () => {
  const { fleet, pass, on, tell, heard } = createTestFleet({ speed: 10 })
  fleet.start()
  pass(10)
  tell(v, 'update/command', offerOf())
  pass(600)
  const states = on('update/status').map(({ message }) => message.state)
  expect(states.at(-1)).toBe('SUCCEEDED')
  expect(on('update/status').at(-1)?.message).toMatchObject({
    boot: 'boot2',
    firmware: '2.1.0',
    release_counter: 7,
    slot: 'b',
  })
  // The state is also told when the network has changed.
  const said = on('state')
    .map(({ message }) => [message.online, message.boot, message.firmware])
    .filter((state, index, all) => String(state) !== String(all[index - 1]))
  expect(said).toEqual([
    [true, 'boot1', expect.any(String)],
    [false, 'boot1', undefined],
    [true, 'boot2', said[0]?.[2]],
    [true, 'boot2', '2.1.0'],
  ])
  const ends = heard.findIndex(({ message }) => message?.state === 'SUCCEEDED')
  expect(heard.findIndex(({ message }) => message?.firmware === '2.1.0')).toBeLessThan(ends)
  const seqs = heard
    .filter(({ message }) => message.boot === 'boot2')
    .flatMap(({ message }) => message.samples?.map(({ seq }: { seq: number }) => seq) ?? message.seq ?? [])
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1))
})

test('what was told while the connection was lost comes later, in order and once', () => {
  const { fleet, pass, on, tell, broker, lose } = createTestFleet({ speed: 10 })
  fleet.start()
  pass(10)
  tell(v, 'update/command', offerOf())
  while (on('update/status').at(-1)?.message.state !== 'INSTALLING') pass(0.1)
  broker.up = false
  lose(v)
  pass(900)
  broker.up = true
  pass(90)
  const ways = on('update/status').map(({ message }) => message.state)
  expect(ways.filter((state, index) => state !== ways[index - 1])).toEqual([
    'DOWNLOADING',
    'DOWNLOADED',
    ...(ways.includes('WAITING_FOR_PRECONDITIONS') ? ['WAITING_FOR_PRECONDITIONS'] : []),
    'INSTALLING',
    'ACTIVATING',
    'VERIFYING',
    'SUCCEEDED',
  ])
})

test('a release that somebody else signed is not touched, and broken offers are passed over', () => {
  const { fleet, pass, on, tell } = createTestFleet()
  fleet.start()
  pass(10)
  tell(v, 'update/command', { ...offerOf(), manifest: { ...manifest, version: '9.9.9' } })
  tell(v, 'update/command', { kind: 'offer', update_id: 'x' })
  tell(v, 'update/command', 'nonsense')
  pass(10)
  expect(on('update/status').map(({ message }) => [message.state, message.reason])).toEqual([
    ['FAILED', 'bad_signature'],
  ])
})

test('a vehicle that hangs while it installs is gone until the watchdog boots it', () => {
  const { fleet, pass, on, tell, isConnected } = createTestFleet({ speed: 10 })
  fleet.start()
  pass(10)
  tell(v, 'update/command', offerOf({ simulation: { silence_percent: 100 } }))
  while (on('update/status').at(-1)?.message.state !== 'INSTALLING') pass(1)
  pass(100)
  expect(isConnected(v)).toBe(false)
  expect(on('update/status').at(-1)?.message.state).toBe('INSTALLING')
  pass(400)
  expect(isConnected(v)).toBe(true)
  expect(on('update/status').at(-1)?.message).toMatchObject({ state: 'FAILED', reason: 'install_failed' })
})

test('a vehicle with too little charge looks for it and is updated then', () => {
  const { fleet, pass, on, tell } = createTestFleet({ speed: 30 })
  fleet.start()
  pass(10)
  tell(v, 'update/command', offerOf({ battery_floor_percent: 99.9 }))
  pass(3600)
  const told = on('update/status').map(({ message }) => message.reason ?? message.state)
  expect(told).toContain('battery_low')
  expect(told.at(-1)).toBe('SUCCEEDED')
})
