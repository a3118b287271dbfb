/** Campaigns on bad days: the server dies in the middle, the release is forged, old or broken. */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { Database } from '../../../src/db/driver.ts'
import { isAllowed, type Mover } from '../../../src/fleet/campaigns/transitions.ts'
import { createEmbeddedBroker } from '../../../src/mqtt/embedded-broker.ts'
import { devicePassword, signingKey } from '../../../src/vehicle/credentials.ts'
import type { UpdateCommandMessage, UpdateStatusMessage } from '../../../src/vehicle/messages.ts'
import { signManifest } from '../../../src/vehicle/signing.ts'
import { mayPublish, maySubscribe, topicOf } from '../../../src/vehicle/topics.ts'
import type { UpdateState } from '../../../src/vehicle/update-states.ts'
import { waitFor } from '../../support/wait-for.ts'
import { FLEET_KEY, temporaryFolder } from '../../support/world.ts'
import {
  campaignOf,
  type FleetProgram,
  parked,
  startCampaign,
  startProgram,
  whenState,
} from './fleet-program.ts'
import { fleetPath } from './kept.ts'
import { drive } from './vehicles.ts'

interface Step {
  vehicle: string
  wave: number
  version: string
  from: UpdateState | null
  to: UpdateState
  attempt: number
  actor: string
}

/** Every step of every update, in order. */
function steps(dbPath: string): Step[] {
  const database = new Database(fleetPath(dbPath), { readonly: true })
  try {
    return database
      .prepare<[], Step>(
        `SELECT v.vehicle, u.wave, r.version, t.from_state AS "from", t.to_state AS "to", t.attempt, t.actor
         FROM update_transitions t JOIN vehicle_updates u ON u.row = t.update_row
         JOIN vehicles v ON v.id = u.vehicle JOIN releases r ON r.row = u.release ORDER BY t.row`,
      )
      .all()
  } finally {
    database.close()
  }
}

const path = () => join(temporaryFolder(), 'licenses.db')
const firmwareOf = async ({ send }: FleetProgram) => (await send('GET', '/fleet/summary')).body.firmware
const whenAllOnline = ({ send }: FleetProgram, vehicles: number) =>
  waitFor(async () => (await send('GET', '/fleet/summary')).body.online === vehicles, 20_000)
const moverOf = (actor: string): Mover => (actor === 'vehicle' ? 'vehicle' : 'server')

test('a server that is killed in the middle of a campaign goes on with it: every vehicle ends with the release, by an allowed way, once', async () => {
  const VEHICLES = 60
  const MEANT = 12
  const dbPath = path()
  let program = await startProgram(dbPath)
  const { mqttPort } = program
  drive({ url: `mqtt://127.0.0.1:${mqttPort}`, vehicles: VEHICLES, rate: 4, speed: 50, everySeconds: 25 })
  await whenAllOnline(program, VEHICLES)
  const target = { vehicles: await parked(program, MEANT) }
  const id = await startCampaign(program, { version: '3.0.0', ecus: ['gateway'] }, { target, waves: [100] })
  const inState = async (state: UpdateState) => (await campaignOf(program, id)).by_state[state] ?? 0
  for (const [state, updates] of [
    ['DOWNLOADING', 1],
    ['SUCCEEDED', 2],
    ['SUCCEEDED', 8],
  ] as const) {
    await waitFor(async () => (await inState(state)) >= updates, 30_000)
    await program.kill()
    program = await startProgram(dbPath, mqttPort)
  }
  await whenState(program, id, 'finished', 60_000)
  expect(await campaignOf(program, id)).toMatchObject({
    outcome: 'completed',
    by_state: { SUCCEEDED: MEANT },
    pause: null,
  })
  expect(await firmwareOf(program)).toContainEqual({ version: '3.0.0', vehicles: MEANT })

  const all = steps(dbPath)
  const states = new Map<string, UpdateState>()
  for (const { vehicle, from, to, actor } of all) {
    expect([vehicle, from]).toEqual([vehicle, states.get(vehicle) ?? null])
    if (from !== null)
      expect([from, to, actor, isAllowed(from, to, moverOf(actor))]).toEqual([from, to, actor, true])
    states.set(vehicle, to)
  }
  expect(all.filter(({ to }) => to === 'SUCCEEDED')).toHaveLength(MEANT)
  expect(new Set(states.values())).toEqual(new Set(['SUCCEEDED']))
}, 120_000)

test('a hundred vehicles, three bad releases: a forged one and an old one are installed by nobody, a broken one reaches the first wave only', async () => {
  const VEHICLES = 100
  const dbPath = path()
  const program = await startProgram(dbPath)
  drive({
    url: `mqtt://127.0.0.1:${program.mqttPort}`,
    vehicles: VEHICLES,
    rate: 4,
    speed: 150,
    everySeconds: 600,
  })
  await whenAllOnline(program, VEHICLES)
  const before = await firmwareOf(program)
  const of = (version: string) => steps(dbPath).filter(step => step.version === version)

  // Offered at once to all who stand still: more than one gets to see the signature.
  const forged = await startCampaign(program, { version: '3.0.0', tamper: 'signature' }, { waves: [100] })
  await whenState(program, forged, 'paused', 20_000)
  const { pause } = await campaignOf(program, forged)
  expect(pause).toMatchObject({ rule: 'bad_signature', failed: 1 })
  await wait(2000)
  const reached = [...new Set(of('3.0.0').map(({ to }) => to))]
  expect(reached.toSorted()).toEqual(['FAILED', 'NOTIFIED', 'PRECHECK', 'SCHEDULED'])
  expect(of('3.0.0').filter(({ to }) => to === 'NOTIFIED').length).toBeGreaterThan(10)
  expect(await firmwareOf(program)).toEqual(before)
  await program.send('POST', `/fleet/campaigns/${forged}/abort`, {})
  await whenState(program, forged, 'aborted', 20_000)

  const old = await startCampaign(program, {
    version: '1.0.0',
    release_counter: 1,
    allow_lower_counter: true,
  })
  await whenState(program, old, 'finished', 20_000)
  expect(await campaignOf(program, old)).toMatchObject({ ineligible: { already_installed: VEHICLES } })
  expect(of('1.0.0').filter(({ to }) => to === 'NOTIFIED')).toEqual([])
  expect(await firmwareOf(program)).toEqual(before)

  const broken = { version: '3.0.1', ecus: ['gateway'], simulation: { self_test_failure_percent: 100 } }
  const id = await startCampaign(program, broken)
  await whenState(program, id, 'paused', 60_000)
  expect((await campaignOf(program, id)).pause.blast_radius).toBeLessThanOrEqual(5)
  await wait(2500)
  const touched = of('3.0.1').filter(({ to }) => !['SCHEDULED', 'PRECHECK'].includes(to))
  expect(new Set(touched.map(({ wave }) => wave))).toEqual(new Set([1]))
  expect(new Set(touched.map(({ vehicle }) => vehicle)).size).toBeLessThanOrEqual(5)
  expect(await firmwareOf(program)).toEqual(before)
}, 120_000)

test('every vehicle refuses a release that is not signed, and one that is older than its own however well it is signed', async () => {
  const answers: UpdateStatusMessage[] = []
  const broker = createEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    orAnyPort: false,
    authenticate: (device, password) =>
      password === devicePassword(FLEET_KEY, device) ? { mayPublish, maySubscribe } : null,
    receive: async ({ topic, payload }) => {
      if (topic.endsWith('update/status')) answers.push(JSON.parse(payload.toString()))
    },
    refused: () => {},
  })
  await broker.start()
  onTestFinished(() => broker.stop())
  const { fleet } = drive({ url: `mqtt://127.0.0.1:${broker.port}`, vehicles: 5, rate: 20, everySeconds: 20 })
  await waitFor(() => fleet.stats().online === 5)
  const before = fleet.stats().firmware
  const older = { version: '1.0.0', release_counter: 0, artifacts: [], requires_firmware: null }
  const newer = { version: '9.0.0', release_counter: 9, artifacts: [], requires_firmware: null }
  const manifests = [older, newer]
  for (let number = 1; number <= 5; number++)
    for (const [index, manifest] of manifests.entries()) {
      const offer: UpdateCommandMessage = {
        kind: 'offer',
        update_id: `update-${number}-${index}`,
        attempt: 1,
        manifest,
        signature: signManifest(older, signingKey(FLEET_KEY)),
        consent_required: false,
        battery_floor_percent: 0,
      }
      await broker.publish(topicOf(`vehicle_0000${number}`, 'update/command'), JSON.stringify(offer))
    }
  await waitFor(() => answers.length === 10)
  const said = answers.map(({ update_id, state, reason }) => `${update_id.slice(-1)} ${state} ${reason}`)
  expect(new Set(said)).toEqual(new Set(['0 FAILED downgrade', '1 FAILED bad_signature']))
  expect(fleet.stats().firmware).toEqual(before)
})
