import { expect, test } from 'vitest'
import type { Defect } from '../../../src/simulator/vehicles/diagnostics.ts'
import { createTestFleet, type Heard, manifest, offerOf } from './fake-broker.ts'

const firmware = { version: '2.0.0', releaseCounter: 6 }
const defect: Defect = { firmware: firmware.version, code: 'U0293-87', everyDrivingHours: 2 }
/** Hours in an instant. */
const hurry = { vehicles: 10, speed: 100, intervalSeconds: 600, grain: { lookSeconds: 60, pieceSeconds: 30 } }

function said(options: Parameters<typeof createTestFleet>[0], seconds: number) {
  const { fleet, pass, heard } = createTestFleet(options)
  fleet.start()
  pass(seconds)
  return heard
}
const payloads = (heard: Heard[], kind: string) =>
  heard.filter(({ topic }) => topic.endsWith(kind)).map(({ payload }) => payload)
const codes = (heard: Heard[]) =>
  heard
    .filter(({ topic }) => topic.endsWith('/dtc'))
    .flatMap(({ vehicle, message }): { vehicle: string; code: string; status: string }[] =>
      message.dtcs.map((dtc: object) => ({ vehicle, ...dtc })),
    )

test('a defect of a firmware that nobody runs changes nothing', () => {
  const usual = { vehicles: 5, speed: 20, faults: { outages: true } }
  const healthy = payloads(said(usual, 500), '')
  const other = { ...defect, firmware: '9.9.9', code: 'U3FFF-FF' }
  expect(payloads(said({ ...usual, defect: other }, 500), '')).toEqual(healthy)
  expect(healthy.length).toBeGreaterThan(250)
})

test('vehicles with the firmware and the hardware see its code, pending and then confirmed', () => {
  const heard = said({ ...hurry, firmware, defect: { ...defect, hardware: 'B' } }, 900)
  const states = heard.filter(({ topic, message }) => topic.endsWith('/state') && message.online)
  const hardware = new Map(states.map(({ vehicle, message }) => [vehicle, message.hardware]))
  const seen = codes(heard).filter(({ code }) => code === defect.code)
  expect(new Set(seen.map(({ vehicle }) => hardware.get(vehicle)))).toEqual(new Set(['B']))
  expect(new Set(seen.map(({ status }) => status))).toEqual(new Set(['pending', 'confirmed']))
  for (const { vehicle } of seen) expect(seen.find(of => of.vehicle === vehicle)?.status).toBe('pending')
  // Nothing else brings this code about, and the others are seen as ever.
  expect(codes(heard).some(({ code }) => code !== defect.code)).toBe(true)
})

test('a vehicle with the defect drives as one without it', () => {
  const quiet = { ...defect, everyDrivingHours: 1e9 }
  const places = (of: Defect) =>
    said({ ...hurry, firmware, defect: of }, 300)
      .filter(({ topic }) => topic.endsWith('/telemetry'))
      .flatMap(({ vehicle, message }) =>
        message.samples.map(({ at, signals }: { at: number; signals: object }) => ({ vehicle, at, signals })),
      )
  expect(places(defect)).toEqual(places(quiet))
})

test('with the corrected release the code is not seen any more', () => {
  const often = { ...defect, everyDrivingHours: 0.5 }
  const { fleet, pass, tell, heard } = createTestFleet({ ...hurry, firmware, defect: often })
  fleet.start()
  pass(300)
  expect(codes(heard).some(({ code }) => code === defect.code)).toBe(true)
  for (const { vehicle } of fleet.vehicles()) tell(vehicle, 'update/command', offerOf())
  // Until they stand still and installed it, and the codes of before are cleared.
  pass(900)
  expect(new Set(fleet.vehicles().map(of => of.firmware))).toEqual(new Set([manifest.version]))
  const { length } = heard
  pass(300)
  expect(codes(heard.slice(length)).map(({ code }) => code)).not.toContain(defect.code)
})

test('who asks is told of a code at once, with or without coverage', () => {
  const told: string[] = []
  const { fleet, pass } = createTestFleet({
    ...hurry,
    firmware,
    defect,
    onDtcs: (vehicle, dtcs) => void told.push(`${vehicle} ${dtcs.map(({ code }) => code)}`),
  })
  fleet.start()
  pass(10)
  fleet.loseCoverage(1)
  pass(300)
  expect(told.some(line => line.includes(defect.code))).toBe(true)
  expect(fleet.stats().online).toBe(0)
  expect(fleet.vehicles().some(({ dtcs }) => dtcs.some(({ code }) => code === defect.code))).toBe(true)
})

test('coarse time is the same world: vehicles drive, park and charge as much as in fine time', () => {
  const driven = (grain: typeof hurry.grain | undefined) => {
    const heard = said({ vehicles: 10, speed: 100, intervalSeconds: 600, ...(grain && { grain }) }, 360)
    const samples = heard
      .filter(({ topic }) => topic.endsWith('/telemetry'))
      .flatMap(({ message }) => message.samples)
    const speeds = samples.map(({ signals }) => signals['Vehicle.Speed'] > 0)
    return speeds.filter(Boolean).length / speeds.length
  }
  expect(Math.abs(driven(hurry.grain) - driven(undefined))).toBeLessThan(0.15)
})
