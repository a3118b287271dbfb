/** The fleet's database does not take anything for a while: everybody waits, nobody loses. */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { Database } from '../../../src/db/driver.ts'
import { mayMount, smallDisk } from '../../support/small-disk.ts'
import { waitFor } from '../../support/wait-for.ts'
import { temporaryFolder } from '../../support/world.ts'
import { stubbornVehicle } from '../stubborn-vehicle.ts'
import { campaignOf, parked, startCampaign, startProgram, whenState } from './fleet-program.ts'
import { expectComplete, fleetPath, kept } from './kept.ts'
import { lineTo } from './line.ts'
import { drive } from './vehicles.ts'

const VEHICLES = 40
const UPDATED = 12
const LOCKED_MS = 4000
const FIRST_LATECOMER = 900

/** Holds the database as another program would. @returns lets go */
function lock(path: string): () => void {
  const other = new Database(path)
  onTestFinished(() => void other.close())
  other.exec('BEGIN EXCLUSIVE')
  return () => void other.exec('ROLLBACK')
}

test('while another program locks the fleet’s database nothing is lost, doubled or put out of order, licenses are lent, and the campaign goes on afterwards', async () => {
  const dbPath = join(temporaryFolder(), 'licenses.db')
  const program = await startProgram(dbPath)
  const line = await lineTo(program.mqttPort)
  const driving = drive({ url: line.url, vehicles: VEHICLES, rate: 4, speed: 25, everySeconds: 20 })
  const summary = async () => (await program.send('GET', '/fleet/summary')).body
  await waitFor(async () => (await summary()).online === VEHICLES, 10_000)
  const target = { vehicles: await parked(program, UPDATED) }
  const campaign = await startCampaign(
    program,
    { version: '3.0.0', ecus: ['gateway'] },
    { target, waves: [100] },
  )
  await waitFor(async () => ((await campaignOf(program, campaign)).by_state.DOWNLOADING ?? 0) > 5, 10_000)
  const before = kept(dbPath).samples.length

  const unlock = lock(fleetPath(dbPath))
  await waitFor(async () => (await program.metric('fleet_ingest_blocked')) === 1)
  const lockedAt = performance.now()
  // Every last will and every new greeting falls into the time when nothing can be written.
  line.cut()
  const latecomers = Array.from({ length: 10 }, (_, n) =>
    stubbornVehicle(program.mqttPort, FIRST_LATECOMER + n),
  )
  onTestFinished(async () => void (await Promise.all(latecomers.map(({ stop }) => stop()))))
  for (let n = 0; n < 20; n++) {
    for (const { sample } of latecomers) sample()
    const asked = performance.now()
    const { status } = await program.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: `user${n}` })
    expect([200, 409]).toContain(status)
    expect(performance.now() - asked).toBeLessThan(500)
    await wait(50)
  }
  await wait(Math.max(0, LOCKED_MS - (performance.now() - lockedAt)))
  expect(kept(dbPath).samples.length).toBeLessThan(before + VEHICLES * 20)
  unlock()

  await waitFor(async () => (await program.metric('fleet_ingest_blocked')) === 0, 10_000)
  await waitFor(() => latecomers.every(({ waiting }) => waiting === 0), 10_000)
  await waitFor(
    async () => (await summary()).offline === 0 && driving.fleet.stats().online === VEHICLES,
    15_000,
  )
  expect(await summary()).toMatchObject({ total: VEHICLES + latecomers.length })
  await whenState(program, campaign, 'finished', 60_000)
  expect(await campaignOf(program, campaign)).toMatchObject({ by_state: { SUCCEEDED: UPDATED } })
  await driving.stop()

  const all = kept(dbPath)
  expect(all.deadLetters).toEqual([])
  for (const { boot, acknowledged } of latecomers) {
    const numbers = all.samples.filter(sample => sample.boot === boot).map(({ seq }) => seq)
    expect(numbers.toSorted((a, b) => a - b)).toEqual([...acknowledged].toSorted((a, b) => a - b))
    driving.taken.set(
      boot,
      new Map(
        all.samples
          .filter(s => s.boot === boot)
          .map(({ seq, at, vehicle }) => [seq, { at, vehicle, aheadMs: 0 }]),
      ),
    )
  }
  expectComplete(dbPath, driving)
  expect(program.lines('ingest_blocked')).toHaveLength(1)
  expect(program.lines('ingest_recovered')).toHaveLength(1)
}, 120_000)

test.skipIf(!mayMount)(
  'while the disk of the fleet’s database is full nothing is lost, licenses are lent, and it goes on when there is room',
  async () => {
    const disk = smallDisk(4096)
    const dbPath = join(temporaryFolder(), 'licenses.db')
    const full = join(disk.folder, 'licenses.db')
    const program = await startProgram(dbPath, 0, { FLEET_DB_PATH: fleetPath(full) })
    const driving = drive({
      url: `mqtt://127.0.0.1:${program.mqttPort}`,
      vehicles: 10,
      rate: 10,
      everySeconds: 1,
    })
    await waitFor(() => driving.samples() > 200)
    disk.fill()
    await waitFor(async () => (await program.metric('fleet_ingest_blocked')) === 1, 20_000)
    const { status } = await program.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'alice' })
    expect(status).toBe(200)
    await wait(500)
    disk.makeRoom()
    await waitFor(async () => (await program.metric('fleet_ingest_blocked')) === 0, 20_000)
    await driving.stop()
    expectComplete(full, driving)
    expect(kept(full).deadLetters).toEqual([])
    expect(program.lines('ingest_blocked')[0]?.error).toMatch(/full/)
  },
)
