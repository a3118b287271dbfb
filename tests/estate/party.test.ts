import { expect, test } from 'vitest'
import { estateParty, type PartyOptions } from '../../src/estate/party.ts'
import { estatePassword, sharedFilters } from '../../src/machine/credentials.ts'
import { FAULT_TOPIC, noticeFilters, STAGE_TOPIC, sampleFilters } from '../../src/machine/topics.ts'
import { devicePassword } from '../../src/vehicle/credentials.ts'
import { FLEET_KEY } from '../support/world.ts'

function party(options: Partial<PartyOptions> = {}) {
  const taken: string[] = []
  const made = estateParty({
    key: FLEET_KEY,
    ingestsHere: true,
    isRemote: false,
    takeSamples: async ({ topic }) => void taken.push(`samples ${topic}`),
    takeStage: payload => void taken.push(`stage ${payload}`),
    takeFault: async payload => void taken.push(`fault ${payload}`),
    refused: () => {},
    ...options,
  })
  const receive = (topic: string, text = 'x') =>
    made.receive({ topic, payload: Buffer.from(text), retain: false })
  return { made, taken, receive }
}

test.each([
  [
    'a part of the estate with its password',
    'estate-generator',
    estatePassword(FLEET_KEY, 'estate-generator'),
    true,
  ],
  ['one of several', 'estate-ingest-2', estatePassword(FLEET_KEY, 'estate-ingest-2'), true],
  ['the password of another part', 'estate-generator', estatePassword(FLEET_KEY, 'estate-ingest'), false],
  ['a password of another key', 'estate-host', estatePassword('another', 'estate-host'), false],
  ["a vehicle's password", 'estate-host', devicePassword(FLEET_KEY, 'estate-host'), false],
  ['no password', 'estate-host', '', false],
  ['a name that is no part', 'estate-other', estatePassword(FLEET_KEY, 'estate-other'), false],
  ['a vehicle', 'vehicle_1', estatePassword(FLEET_KEY, 'vehicle_1'), false],
])('signs in: %s', (_title, client, password, expected) => {
  expect(party().made.authenticate(client, password)).toBe(expected)
})

test.each([
  ['samples by a part', 'estate-generator', 'estate/server', true],
  ['a notice by a part', 'estate-generator', FAULT_TOPIC, true],
  ['a report by a part', 'estate-transform', STAGE_TOPIC, true],
  ['another topic of ours', 'estate-generator', 'estate/other', false],
  ['a topic of the fleet', 'estate-generator', 'fleet/vehicle_1/state', false],
  ['samples by a vehicle', 'vehicle_1', 'estate/server', false],
])('may publish: %s', (_title, client, topic, expected) => {
  expect(party().made.mayPublish(client, topic)).toBe(expected)
})

test('where no ingestion is here samples are refused, and notices are not', () => {
  const { made } = party({ ingestsHere: false })
  for (const topic of sampleFilters) expect(made.mayPublish('estate-generator', topic)).toBe(false)
  for (const topic of noticeFilters) expect(made.mayPublish('estate-generator', topic)).toBe(true)
  expect(made.filters).toEqual(noticeFilters)
})

test('at a broker of others samples are shared with other ingestions; here they are all ours', () => {
  expect(party().made.filters).toEqual([...sampleFilters, ...noticeFilters])
  expect(party({ isRemote: true }).made.filters).toEqual([...sharedFilters(FLEET_KEY), ...noticeFilters])
  expect(party({ isRemote: true, ingestsHere: false }).made.filters).toEqual(noticeFilters)
})

test('each message comes to who takes it', async () => {
  const { receive, taken } = party()
  await receive('estate/server')
  await receive('estate/service')
  await receive(STAGE_TOPIC, 'report')
  await receive(FAULT_TOPIC, 'notice')
  expect(taken).toEqual(['samples estate/server', 'samples estate/service', 'stage report', 'fault notice'])
})

test('a message that was not taken is not acknowledged', async () => {
  const failed = async () => {
    throw new Error('no room')
  }
  await expect(party({ takeSamples: failed }).receive('estate/server')).rejects.toThrow('no room')
  await expect(party({ takeFault: failed }).receive(FAULT_TOPIC)).rejects.toThrow('no room')
})
