/** Two parties at one broker: each has devices, topics and rights of its own. */
import { expect, onTestFinished, test } from 'vitest'
import { createBroker, type Party } from '../../src/mqtt/broker.ts'
import { isOnPath } from '../support/on-path.ts'
import { waitFor } from '../support/wait-for.ts'
import { device, mosquitto, SERVER_PASSWORD } from './brokers.ts'

const account = { name: 'twinloop-server', password: SERVER_PASSWORD }

/** Its devices are called `{name}-…`, with its name as their password. */
function aParty(name: string, kinds: readonly string[] = ['state', 'telemetry']) {
  const heard: string[] = []
  const refused: string[] = []
  const changed: boolean[] = []
  const party: Party = {
    name,
    filters: kinds.map(kind => `${name}/+/${kind}`),
    owns: topic => topic.startsWith(`${name}/`),
    authenticate: (id, password) => id.startsWith(name) && password === name,
    // Of every root: what keeps a device from another party's topics is that party's word, not a name.
    mayPublish: (id, topic) => topic.split('/')[1] === id,
    maySubscribe: (id, filter) => filter === `${name}/${id}/command`,
    receive: async ({ topic, payload }) => void heard.push(`${topic} ${payload}`),
    refused: (reason, id) => void refused.push(`${reason} ${id}`),
    changed: connected => void changed.push(connected),
  }
  return { party, heard, refused, changed }
}

async function aBroker() {
  const fleet = aParty('fleet')
  const estate = aParty('estate')
  const broker = createBroker(
    { kind: 'embedded', host: '127.0.0.1', port: 0, orAnyPort: false },
    account,
    () => [fleet.party, estate.party],
  )
  expect(broker.url).toBe('')
  await broker.start()
  onTestFinished(() => broker.stop())
  return {
    broker,
    fleet,
    estate,
    join: (id: string, password: string) => device({ url: broker.url }, id, { username: id, password }),
  }
}

test('a message goes to the party whose topic it is, and one of nobody to the first', async () => {
  const { broker, fleet, estate, join } = await aBroker()
  expect(broker.url).toBe(`mqtt://127.0.0.1:${broker.port}`)
  const generator = await join('estate-generator', 'estate')
  for (const root of ['estate', 'fleet', 'other'])
    await generator.publishAsync(`${root}/estate-generator/state`, root, { qos: 1 })
  expect(estate.heard).toEqual(['estate/estate-generator/state estate'])
  expect(fleet.heard).toEqual(['fleet/estate-generator/state fleet', 'other/estate-generator/state other'])
})

test('a device has the rights of the party that let it in, and that party is told what it tried', async () => {
  const { broker, fleet, estate, join } = await aBroker()
  const generator = await join('estate-generator', 'estate')
  const heard: string[] = []
  generator.on('message', (_topic, payload) => void heard.push(payload.toString()))
  await generator.subscribeAsync('estate/estate-generator/command')
  await broker.publish('estate/estate-generator/command', 'faster')
  await waitFor(() => heard.length > 0)
  await expect(generator.subscribeAsync('fleet/estate-generator/command')).rejects.toThrow()
  // It is cut off, so it is never answered.
  generator.publish('estate/another/state', '', { qos: 1 })
  await waitFor(() => estate.refused.length === 2)
  expect(estate.refused).toEqual(['subscribe_denied estate-generator', 'publish_denied estate-generator'])
  expect([heard, fleet.refused]).toEqual([['faster'], []])
})

test('who is let in by nobody is told to the first party', async () => {
  const { fleet, estate, join } = await aBroker()
  await expect(join('estate-generator', 'fleet')).rejects.toThrow(/[Nn]ot authorized/)
  expect([fleet.refused, estate.refused]).toEqual([['authentication estate-generator'], []])
})

test.skipIf(!isOnPath('mosquitto'))(
  'at another broker it listens to what all parties want, and all are told',
  async () => {
    const other = await mosquitto()
    const fleet = aParty('fleet')
    const command = aParty('nobody', [])
    const broker = createBroker(
      { kind: 'remote', url: other.url, user: null, password: null },
      account,
      () => [command.party, fleet.party],
    )
    expect(broker.url).toBe(other.url)
    await broker.start()
    onTestFinished(() => broker.stop())
    await waitFor(() => broker.connected)
    const vehicle = await device(other, 'vehicle_1')
    await waitFor(async () => {
      await vehicle.publishAsync('fleet/vehicle_1/state', 'here', { qos: 1 })
      return fleet.heard.length > 0
    })
    expect([fleet.heard[0], command.heard]).toEqual(['fleet/vehicle_1/state here', []])
    expect([fleet.changed, command.changed]).toEqual([[true], [true]])
  },
)
