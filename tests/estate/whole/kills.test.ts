import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import { expect, onTestFinished, test } from 'vitest'
import { estateClients, estatePassword } from '../../../src/machine/credentials.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { seededRandom } from '../../../src/shared/random.ts'
import { killableMosquitto } from '../../fleet/bad-days/mosquitto.ts'
import { isOnPath } from '../../support/on-path.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { waitFor } from '../../support/wait-for.ts'
import { FLEET_KEY } from '../../support/world.ts'
import { linesOf } from '../ingestion/world.ts'
import { bodiesIn, rawSamples, samplesIn, sumsIn } from './counts.ts'
import { knownSamples, messagesOf } from './known-samples.ts'
import { startStage } from './stage-process.ts'

const RESOURCES = 40
const EACH = 60
const TOTAL = 3 * RESOURCES * EACH
const A_MESSAGE = 40
/** Of each stage. */
const KILLS = 4
const STARTS_WITHIN_MS = 30_000
const DAY_MS = 86_400_000

const chance = seededRandom(11)

async function sender(url: string) {
  const name = 'estate-generator'
  const client = await connectAsync(url, {
    clientId: name,
    username: name,
    password: estatePassword(FLEET_KEY, name),
  })
  client.on('error', () => {})
  onTestFinished(() => client.endAsync(true))
  return client
}

test.skipIf(!isOnPath('mosquitto'))(
  'the pipeline survives its kills with counts that match to the sample, and a replay counts the same',
  async () => {
    const broker = await killableMosquitto(
      0,
      estateClients.map(client => [client, estatePassword(FLEET_KEY, client)] as const),
    )
    const folder = temporaryFolder()
    const lake = join(folder, 'lake')
    const database = join(folder, 'estate.db')
    const env = { FLEET_KEY, MQTT_URL: broker.url, LAKE_URL: lake, ESTATE_DB_PATH: database }
    const known = knownSamples(systemClock.now(), RESOURCES, EACH)
    const messages = messagesOf(known, A_MESSAGE)
    const start = (stage: 'ingest' | 'transform') => startStage([stage], folder, { ...env })
    let kills = 0
    let isSent = false

    /** Lets a stage run, a moment longer than it needs to begin, and kills it, again and again. */
    async function killing(stage: 'ingest' | 'transform') {
      for (let round = 0; round < KILLS; round++) {
        const running = start(stage)
        await waitFor(() => running.text().includes('server_started'), STARTS_WITHIN_MS)
        await wait(chance.next() * 1200)
        expect(running.isOver(), running.text()).toBe(false)
        expect((await running.end('SIGKILL')).signal).toBe('SIGKILL')
        kills++
      }
      return start(stage)
    }

    // The broker keeps samples for an ingestion that it knows: what is sent before the first ever subscribes is lost.
    const first = start('ingest')
    const client = await sender(broker.url)
    const [hello] = messages
    await waitFor(async () => {
      await client.publishAsync(hello?.topic ?? '', hello?.payload ?? '', { qos: 1 })
      await wait(200)
      return (await bodiesIn(lake)).length > 0
    }, STARTS_WITHIN_MS)
    await first.end('SIGKILL')

    async function sending() {
      for (const { topic, payload } of messages) {
        await client.publishAsync(topic, payload, { qos: 1 })
        // As many as come while the stages are killed; all that is left then comes at once.
        if (kills < 2 * KILLS - 1) await wait(30 + chance.next() * 60)
      }
      isSent = true
    }
    const [ingest, transform] = await Promise.all([killing('ingest'), killing('transform'), sending()])
    expect([kills, isSent]).toEqual([2 * KILLS, true])
    await waitFor(() => rawSamples(database) >= TOTAL, STARTS_WITHIN_MS)
    // Nothing more is on its way once both have ended: what is told twice would have been counted by now.
    expect(await ingest.end('SIGTERM')).toEqual({ code: 0, signal: null })
    await wait(2500)
    expect(await transform.end('SIGTERM')).toEqual({ code: 0, signal: null })

    const expected = known.map(({ kind, name, at }) => `${kind} ${name} ${at}`).sort()
    const ofEach = Object.fromEntries(
      ['server', 'container', 'service'].flatMap(kind =>
        ['60000', '300000', '3600000', 'hours'].map(sum => [`${kind} ${sum}`, TOTAL / 3]),
      ),
    )
    const counts = { ...ofEach, requests: (TOTAL / 3) * 7, 'dead letters': 0 }
    expect(samplesIn(database)).toEqual(expected)
    expect(sumsIn(database)).toEqual(counts)

    const times = new Map<string, number>()
    for (const line of await linesOf(await bodiesIn(lake))) {
      const sample = ('sample' in line ? line.sample : {}) as Record<string, string | number>
      const name = sample.server_id ?? sample.container_id ?? sample.instance_id
      const key = `${String(name).replace(/-.*/, '')} ${name} ${sample.seq}`
      times.set(key, (times.get(key) ?? 0) + 1)
    }
    expect([...times.keys()].sort()).toEqual(
      known.map(({ kind, name, seq }) => `${kind} ${name} ${seq}`).sort(),
    )

    const from = new Date(Math.min(...known.map(({ at }) => at))).toISOString().slice(0, 10)
    expect(Date.parse(from) % DAY_MS).toBe(0)
    const replayed = execFileSync(
      process.execPath,
      ['--import', 'tsx', 'scripts/estate.ts', 'replay', '--from', from, '--lake', lake, '--db', database],
      { encoding: 'utf8', env: { PATH: process.env.PATH, FLEET_KEY }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    expect(JSON.parse(replayed)).toMatchObject({ samples: TOTAL })
    expect(samplesIn(database)).toEqual(expected)
    expect(sumsIn(database)).toEqual(counts)
  },
  180_000,
)
