/** Messages that are broken, too large, forged, said twice or long past, in the middle of good ones. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { waitFor } from '../../support/wait-for.ts'
import { temporaryFolder } from '../../support/world.ts'
import { startProgram } from './fleet-program.ts'
import { differences, expectComplete, kept } from './kept.ts'
import { rawVehicle, sampleOf } from './raw-vehicle.ts'
import { drive } from './vehicles.ts'

const VEHICLES = 30
const path = () => join(temporaryFolder(), 'licenses.db')
const MB = 1024 * 1024
const DAY_MS = 24 * 3600_000

test('good messages are complete among broken and doubled ones, which are counted by reason', async () => {
  const dbPath = path()
  const program = await startProgram(dbPath)
  const driving = drive({
    url: `mqtt://127.0.0.1:${program.mqttPort}`,
    vehicles: VEHICLES,
    rate: 20,
    everySeconds: 1,
    faults: { malformedShare: 0.2, duplicateShare: 0.2 },
  })
  await waitFor(() => driving.samples() > 2000, 20_000)
  await driving.stop()
  const stats = driving.fleet.stats()
  await waitFor(() => kept(dbPath).deadLetters.length >= stats.malformed)

  const { deadLetters } = expectComplete(dbPath, driving)
  expect(deadLetters).toHaveLength(stats.malformed)
  const reasons = [...new Set(deadLetters.map(({ reason }) => reason))].toSorted()
  expect(reasons).toEqual(['invalid', 'malformed_json', 'vehicle_mismatch'])
  for (const reason of reasons)
    expect([reason, await program.metric(`fleet_dead_letters_total{reason="${reason}"}`)]).toEqual([
      reason,
      deadLetters.filter(letter => letter.reason === reason).length,
    ])
  const doubled = await Promise.all(
    ['telemetry', 'dtc', 'update/status', 'command/result'].map(kind =>
      program.metric(`fleet_messages_total{kind="${kind}",outcome="duplicate"}`),
    ),
  )
  expect(doubled.reduce((sum, count) => sum + count)).toBe(stats.duplicates)
})

test('one vehicle that forges, floods, exaggerates and repeats what it said an hour ago changes nothing of another, nor the server’s memory', async () => {
  const dbPath = path()
  const program = await startProgram(dbPath)
  const victim = await rawVehicle(program.mqttPort, 1)
  await victim.greet()
  for (let seq = 1; seq <= 50; seq++) expect(await victim.say('telemetry', sampleOf(victim, seq))).toBe(true)
  const before = await program.metric('process_resident_memory_bytes')

  // Another's topic: the connection ends, each time.
  for (let n = 0; n < 50; n++) {
    const forger = await rawVehicle(program.mqttPort, 2)
    const forged = JSON.stringify(sampleOf(victim, 1000 + n))
    expect(await forger.publish(`fleet/${victim.vehicle}/telemetry`, forged)).toBe(false)
    await forger.ended
  }
  // Another's name on its own topic: set aside.
  const liar = await rawVehicle(program.mqttPort, 2, 'liar')
  await liar.greet()
  for (let n = 0; n < 50; n++)
    expect(
      await liar.publish(`fleet/${liar.vehicle}/telemetry`, JSON.stringify(sampleOf(victim, 2000 + n))),
    ).toBe(true)
  // Packets of 300 KB end the connection; those of 200 KB are set aside, and no more than their beginning is kept.
  for (let n = 0; n < 50; n++) {
    const large = await rawVehicle(program.mqttPort, 3, 'large')
    expect(await large.publish(`fleet/${large.vehicle}/telemetry`, Buffer.alloc(300_000, 'x'))).toBe(false)
  }
  const talker = await rawVehicle(program.mqttPort, 4, 'talker')
  for (let n = 0; n < 100; n++)
    expect(await talker.publish(`fleet/${talker.vehicle}/telemetry`, Buffer.alloc(200_000, 'x'))).toBe(true)
  // The bytes of the victim's own connection, its password among them, as somebody who listened has them.
  const captured = Buffer.concat(victim.sent)
  const impostor = await rawVehicle(program.mqttPort, 1, 'raw-1')
  impostor.write(captured.subarray((victim.sent[0] as Buffer).length))
  await victim.ended
  await waitFor(
    async () => (await program.metric('fleet_messages_total{kind="telemetry",outcome="duplicate"}')) === 50,
  )
  impostor.socket.destroy()

  const returned = await rawVehicle(program.mqttPort, 1)
  await returned.greet()
  for (let seq = 51; seq <= 60; seq++)
    expect(await returned.say('telemetry', sampleOf(returned, seq))).toBe(true)
  const all = kept(dbPath)
  expect(all.samples.filter(({ boot }) => boot === victim.boot).map(({ seq }) => seq)).toHaveLength(60)
  expect(all.samples).toHaveLength(60)
  expect(all.boots.find(({ boot }) => boot === victim.boot)?.received).toEqual([[1, 60]])
  const letters = (reason: string) => all.deadLetters.filter(letter => letter.reason === reason)
  expect(letters('vehicle_mismatch')).toHaveLength(50)
  expect(letters('too_large')).toHaveLength(100)
  expect(all.deadLetters).toHaveLength(150)
  expect(Math.max(...all.deadLetters.map(({ payload }) => payload.length))).toBe(2000)
  expect(await program.metric('fleet_broker_refusals_total{reason="publish_denied"}')).toBe(50)
  expect(await program.metric('fleet_broker_refusals_total{reason="packet_too_large"}')).toBe(50)
  expect((await program.metric('process_resident_memory_bytes')) - before).toBeLessThan(100 * MB)
  // What can be caused as often as one likes is told a few times a second.
  expect(program.lines('device_refused').length).toBeLessThan(60)
})

test('the greeting of a boot that is long over does not change what is known of a vehicle', async () => {
  const dbPath = path()
  const program = await startProgram(dbPath)
  const detail = async () => (await program.send('GET', '/fleet/vehicles/vehicle_00001')).body
  const old = await rawVehicle(program.mqttPort, 1, 'boot-of-monday')
  await old.greet()
  await old.say('telemetry', sampleOf(old, 1))
  const greeting = old.sent[1] as Buffer
  old.socket.destroy()
  const now = await rawVehicle(program.mqttPort, 1, 'boot-of-tuesday')
  await now.greet()
  await now.say('telemetry', sampleOf(now, 1))
  now.write(greeting)
  await now.say('telemetry', sampleOf(now, 2))
  now.socket.destroy()
  // Its last will counts: the boot that runs is still the one that it names.
  await waitFor(async () => (await detail()).state === 'offline')
})

test('clocks that are a day ahead or behind put no sample at a wrong time, and are told of', async () => {
  for (const wrongClockMs of [DAY_MS, -DAY_MS]) {
    const dbPath = path()
    const program = await startProgram(dbPath)
    const driving = drive({
      url: `mqtt://127.0.0.1:${program.mqttPort}`,
      vehicles: VEHICLES,
      rate: 20,
      everySeconds: 4,
      faults: { wrongClockShare: 0.4, wrongClockMs },
    })
    const from = Date.now()
    await waitFor(() => driving.samples() > 200, 20_000)
    await driving.stop()
    const to = Date.now()

    const all = kept(dbPath)
    expect(differences(all, driving)).toEqual({ missing: [], twice: [], invented: [] })
    const wrong = new Set<string>()
    for (const { vehicle, boot, seq, at } of all.samples) {
      const taken = driving.taken.get(boot)?.get(seq)
      const aheadMs = taken?.aheadMs ?? 0
      if (Math.abs(aheadMs) > 1000) wrong.add(vehicle)
      // What the delivery took, no more.
      expect(Math.abs(at - ((taken?.at ?? 0) - aheadMs))).toBeLessThan(1500)
      expect(at).toBeGreaterThan(from - 1500)
      expect(at).toBeLessThan(to + 1500)
    }
    expect(wrong.size).toBeGreaterThan(VEHICLES * 0.2)
    expect(wrong.size).toBeLessThan(VEHICLES * 0.6)
    const corrected = all.samples.filter(({ vehicle }) => wrong.has(vehicle)).length
    expect(await program.metric('fleet_clock_corrections_total')).toBeGreaterThanOrEqual(corrected)
    expect(program.lines('clock_corrected').every(line => wrong.has(String(line.vehicle)))).toBe(true)
    for (const vehicle of wrong) {
      const { body } = await program.send('GET', `/fleet/vehicles/${vehicle}`)
      for (const time of [
        body.sampled_at,
        body.last_seen_at,
        body.first_seen_at,
        ...body.dtcs.map((dtc: { since: string }) => dtc.since),
      ]) {
        expect(Date.parse(time)).toBeGreaterThan(from - 1500)
        expect(Date.parse(time)).toBeLessThan(to + 1500)
      }
    }
  }
})
