import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createIngestLink, patient } from '../../../src/estate/ingestion/ingest-link.ts'
import { estateClients, estatePassword, sharedFilters } from '../../../src/machine/credentials.ts'
import { ESTATE_CLIENT, maySubscribeEstate } from '../../../src/machine/topics.ts'
import type { Message } from '../../../src/mqtt/link.ts'
import { Failure } from '../../../src/shared/errors.ts'
import { identityOf } from '../../../src/simulator/vehicles/identity.ts'
import { devicePassword } from '../../../src/vehicle/credentials.ts'
import { type KillableMosquitto, killableMosquitto } from '../../fleet/bad-days/mosquitto.ts'
import { isOnPath } from '../../support/on-path.ts'
import { waitFor } from '../../support/wait-for.ts'
import { FLEET_KEY } from '../../support/world.ts'

const start = () =>
  killableMosquitto(
    1,
    estateClients.map(client => [client, estatePassword(FLEET_KEY, client)] as const),
  )

async function client({ url }: KillableMosquitto, name: string, password = estatePassword(FLEET_KEY, name)) {
  const made = await connectAsync(url, { clientId: name, username: name, password, reconnectPeriod: 0 })
  made.on('error', () => {})
  onTestFinished(() => made.endAsync(true))
  return made
}

/** An ingestion that takes a message when its turn comes. */
async function ingestion(
  { url }: KillableMosquitto,
  name: string | null,
  take: (message: Message) => Promise<void>,
) {
  let up: () => void = () => {}
  const listening = new Promise<void>(resolve => {
    up = resolve
  })
  const link = createIngestLink({
    url,
    name,
    key: FLEET_KEY,
    receive: take,
    wait,
    listening: up,
    changed: () => {},
  })
  await link.start()
  onTestFinished(() => link.stop())
  await listening
  return link
}

describe.skipIf(!isOnPath('mosquitto'))('at mosquitto', () => {
  test('two ingestions share: each message goes to one of them', async () => {
    const broker = await start()
    const taken: [number, number][] = []
    for (const [index, name] of [null, '2'].entries())
      await ingestion(broker, name, async ({ payload }) => void taken.push([index, Number(payload)]))
    const generator = await client(broker, 'estate-generator')
    for (let n = 0; n < 60; n++)
      await generator.publishAsync(`estate/${['server', 'container', 'service'][n % 3]}`, String(n), {
        qos: 1,
      })
    await waitFor(() => taken.length >= 60)
    await wait(50)
    expect(taken.map(([, n]) => n).sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n))
    expect(new Set(taken.map(([index]) => index)).size).toBe(2)
  })

  test('one that goes in the middle loses nothing: what it had not taken it gets when it is back', async () => {
    const broker = await start()
    const durable = new Set<number>()
    const take = async ({ payload }: Message) => void durable.add(Number(payload))
    await ingestion(broker, null, take)
    // It hears messages and never takes one: what it has in its hands when it goes is its own.
    let heard = 0
    const second = await ingestion(broker, '2', () => {
      heard++
      return new Promise(() => {})
    })
    const generator = await client(broker, 'estate-generator')
    const send = async (from: number, to: number) => {
      for (let n = from; n < to; n++) await generator.publishAsync('estate/server', String(n), { qos: 1 })
    }
    await send(0, 20)
    await waitFor(() => heard > 0)
    await second.stop()
    await send(20, 60)
    await waitFor(() => durable.size >= 30)
    expect(durable.size).toBeLessThan(60)
    await ingestion(broker, '2', take)
    await waitFor(() => durable.size === 60)
  })

  test('a vehicle hears no samples, publishes none, and takes none away from those who share', async () => {
    const broker = await start()
    const { vehicle } = identityOf(1)
    const taken: string[] = []
    await ingestion(broker, null, async ({ payload }) => void taken.push(payload.toString()))
    const thief = await client(broker, vehicle, devicePassword(FLEET_KEY, vehicle))
    const heard: string[] = []
    thief.on('message', topic => void heard.push(topic))
    for (const filter of [
      'estate/#',
      'estate/server',
      '$share/estate-ingest/estate/server',
      '$share/x/estate/+',
    ])
      await thief.subscribeAsync(filter, { qos: 1 }).catch(() => {})
    await thief.publishAsync('estate/server', 'forged', { qos: 1 }).catch(() => {})
    const generator = await client(broker, 'estate-generator')
    for (let n = 0; n < 40; n++) await generator.publishAsync('estate/server', String(n), { qos: 1 })
    await waitFor(() => taken.length >= 40)
    await wait(50)
    expect(taken).toEqual(Array.from({ length: 40 }, (_, n) => String(n)))
    expect(heard).toEqual([])
  })

  test('who only reads does not write samples, who only writes does not read them, and the server does both', async () => {
    const broker = await start()
    const heard: string[] = []
    const all = await client(broker, 'twinloop-server', broker.password)
    all.on('message', (topic, payload) => void heard.push(`${topic} ${payload}`))
    await all.subscribeAsync('estate/+', { qos: 1 })
    const ingest = await client(broker, 'estate-ingest')
    const generator = await client(broker, 'estate-generator')
    const read: string[] = []
    generator.on('message', topic => void read.push(topic))
    await generator.subscribeAsync('estate/+', { qos: 1 })
    await ingest.publishAsync('estate/server', 'forged', { qos: 1 }).catch(() => {})
    await ingest.publishAsync('estate/stage', 'a', { qos: 1 })
    await generator.publishAsync('estate/server', 'b', { qos: 1 })
    await generator.publishAsync('estate/fault', 'c', { qos: 1 })
    await all.publishAsync('estate/service', 'd', { qos: 1 })
    await waitFor(() => heard.length >= 4)
    expect(heard.sort()).toEqual(['estate/fault c', 'estate/server b', 'estate/service d', 'estate/stage a'])
    expect(read).toEqual([])
  })

  test("a vehicle's password makes no part of the estate", async () => {
    const broker = await start()
    await expect(client(broker, 'estate-ingest', devicePassword(FLEET_KEY, 'estate-ingest'))).rejects.toThrow(
      /[Nn]ot authorized/,
    )
  })
})

test('every part of the estate that has a password has its rights, and only such names have', () => {
  const users = Array.from(
    readFileSync('mosquitto/acl', 'utf8').matchAll(/^user (.+)$/gm),
    ([, user]) => user,
  )
  expect(users.filter(user => user?.startsWith('estate-'))).toEqual([...estateClients])
  for (const name of estateClients) expect(name).toMatch(ESTATE_CLIENT)
})

test('what fleet:passwords prints lets every part of the estate in', () => {
  const printed = execFileSync(
    process.execPath,
    ['--import', 'tsx', 'scripts/fleet-passwords.ts', '--vehicles', '1'],
    {
      encoding: 'utf8',
      env: { ...process.env, FLEET_KEY },
    },
  )
  const parts = printed.split('\n').filter(line => line.startsWith('estate-'))
  expect(parts).toEqual(estateClients.map(name => `${name}:${estatePassword(FLEET_KEY, name)}`))
})

test('the shared filters are those that a part of the estate may listen to, and another key has another group', () => {
  for (const filter of sharedFilters(FLEET_KEY))
    expect(maySubscribeEstate('estate-ingest', filter)).toBe(true)
  expect(sharedFilters(FLEET_KEY)).not.toEqual(sharedFilters('another key'))
})

describe('patience with messages of another broker', () => {
  const given: Message = { topic: 'estate/server', payload: Buffer.from('x'), retain: false }

  test('asks again where there is no room, until it is taken', async () => {
    let refusals = 3
    const waits: number[] = []
    const receive = patient(
      async () => {
        if (refusals-- > 0) throw new Failure('overloaded', 'full')
      },
      async ms => void waits.push(ms),
    )
    await receive(given)
    expect(waits).toEqual([1000, 1000, 1000])
  })

  test('leaves to its sender what is refused for another reason', async () => {
    const receive = patient(
      async () => {
        throw new Failure('stopping', 'over')
      },
      async () => {},
    )
    await expect(receive(given)).rejects.toMatchObject({ reason: 'stopping' })
  })
})
