import { expect, test } from 'vitest'
import { healthOf, rangeKm, warningsOf } from '../../../src/fleet/vehicle-api/condition.ts'
import { proofOf } from '../../../src/http/session.ts'
import { rfc3339 } from '../../../src/shared/clock.ts'
import { START } from '../../support/fake-clock.ts'
import { expectProblem, ok } from '../../support/wire.ts'
import { TOKEN } from '../../support/world.ts'
import { anApiWorld, SILENT, VEHICLE, VIN } from './api-world.ts'

const of = (path: string, vehicle = VEHICLE) => `${path}?vehicle_id=${vehicle}`
const presenter = { authorization: `Bearer ${TOKEN}` }
const sampled = { vehicle_id: VEHICLE, sampled_at: rfc3339(START - 500) }

const answers: [string, Record<string, unknown>][] = [
  [
    '/api/vehicle/status',
    {
      ...sampled,
      online: true,
      updating: false,
      last_seen_at: rfc3339(START),
      firmware: '1.3.0',
      connectivity: '5g',
      signal_dbm: -70,
      speed_kmh: 51.5,
      odometer_km: 1234.6,
      battery_percent: 50,
      charging: false,
      parked: false,
      locked: true,
      climate_on: false,
    },
  ],
  ['/api/vehicle/location', { ...sampled, latitude: 42.36, longitude: -71.06, heading: 90, speed_kmh: 51.5 }],
  [
    '/api/vehicle/diagnostics',
    {
      ...sampled,
      health: 'good',
      warnings: [],
      dtcs: [],
      firmware: '1.3.0',
      battery_percent: 50,
      battery_health_percent: 90,
      battery_volts: 400,
      battery_celsius: 21,
      low_voltage_volts: 12.6,
      signal_dbm: -70,
    },
  ],
  [
    '/api/charging/status',
    {
      ...sampled,
      charging: false,
      battery_percent: 50,
      battery_volts: 400,
      battery_celsius: 21,
      range_km: 180,
    },
  ],
  [
    '/api/navigation/route',
    {
      ...sampled,
      position: { latitude: 42.36, longitude: -71.06 },
      heading: 90,
      speed_kmh: 51.5,
      range_km: 180,
    },
  ],
  [
    '/api/user/profile',
    {
      vehicle_id: VEHICLE,
      caller: 'app',
      vin: '•••••••••••000337',
      model: 'aurora',
      year: 2024,
      region: 'boston',
      hardware: 'A',
      update_consent: 'asked_per_update',
      data_usage_mb: 12.5,
      first_seen_at: rfc3339(START - 1000),
    },
  ],
]

test.each(answers)('%s answers what the database knows', async (path, answer) => {
  expect(await ok(anApiWorld().asApp('GET', of(path)))).toEqual(answer)
})

test.each(answers)(
  '%s of a vehicle without a sample says null, and of an update that it is under way',
  async path => {
    const world = anApiWorld()
    world.change({ activeUpdate: 'update-1' })
    const answer = await ok(world.http.send('GET', of(path, SILENT), undefined, presenter))
    const known = ['vehicle_id', 'online', 'updating', 'last_seen_at', 'firmware', 'connectivity', 'health']
    known.push(
      'warnings',
      'dtcs',
      'caller',
      'vin',
      'model',
      'year',
      'region',
      'hardware',
      'update_consent',
      'first_seen_at',
    )
    for (const [field, value] of Object.entries(answer))
      if (!known.includes(field)) expect(value, field).toBeNull()
    if (path.endsWith('/status') && path.includes('vehicle'))
      expect(answer).toMatchObject({ online: false, updating: true })
    if (path.endsWith('diagnostics')) expect(answer.health).toBe('unknown')
  },
)

const paths = answers.map(([path]) => path)
test.each(paths)('%s is for this vehicle’s app and the presenter, nobody else', async path => {
  const world = anApiWorld()
  const get = (vehicle: string, headers: Record<string, string> = {}) =>
    world.http.send('GET', of(path, vehicle), undefined, headers)
  await expectProblem(await get(VEHICLE), 'unauthorized')
  await expectProblem(await get(VEHICLE, { authorization: 'Bearer wrong' }), 'unauthorized')
  await expectProblem(await world.asApp('GET', of(path, SILENT)), 'unauthorized')
  await expectProblem(await world.asApp('GET', of(path, 'vehicle_99999')), 'unauthorized')
  expect((await get(VEHICLE, presenter)).status).toBe(200)
  expect((await get(VEHICLE, { cookie: `twinloop_presenter=${proofOf(TOKEN)}` })).status).toBe(200)
  await expectProblem(await get('vehicle_99999', presenter), 'unknown_vehicle')
  await expectProblem(await get('Not%20a%20name', presenter), 'invalid_request')
  await expectProblem(await world.http.send('GET', path, undefined, presenter), 'invalid_request')
})

test('the whole VIN is for the presenter only, and nowhere else', async () => {
  const world = anApiWorld()
  for (const path of paths) expect(await (await world.asApp('GET', of(path))).text()).not.toContain(VIN)
  expect(await ok(world.http.send('GET', of('/api/user/profile'), undefined, presenter))).toMatchObject({
    vin: VIN,
    caller: 'presenter',
  })
})

test('trouble codes are told with their status and since when', async () => {
  const world = anApiWorld()
  world.dtcs.push({ code: 'U0100-87', status: 'confirmed', since: START - 60_000 })
  world.change({ batteryPercent: 14.9 })
  expect(await ok(world.asApp('GET', of('/api/vehicle/diagnostics')))).toMatchObject({
    health: 'fault',
    warnings: ['low_battery'],
    dtcs: [{ code: 'U0100-87', status: 'confirmed', since: rfc3339(START - 60_000) }],
  })
})

const signals = { sampledAt: START, batteryPercent: 50, batteryHealthPercent: 90, signalDbm: -60 }
const pending = { code: 'P0A80-00', status: 'pending', since: 0 } as const
test.each([
  { change: {}, warnings: [], health: 'good' },
  { change: { batteryPercent: 15, signalDbm: -80, batteryHealthPercent: 70 }, warnings: [], health: 'good' },
  { change: { batteryPercent: 14.99 }, warnings: ['low_battery'], health: 'attention' },
  { change: { signalDbm: -80.1 }, warnings: ['weak_signal'], health: 'attention' },
  { change: { batteryHealthPercent: 69.9 }, warnings: ['battery_health_degraded'], health: 'attention' },
  {
    change: { batteryPercent: null, signalDbm: null, batteryHealthPercent: null },
    warnings: [],
    health: 'good',
  },
  { change: { sampledAt: null }, warnings: [], health: 'unknown' },
])('signals with $change mean $warnings and $health', ({ change, warnings, health }) => {
  expect(warningsOf({ ...signals, ...change })).toEqual(warnings)
  expect(healthOf({ ...signals, ...change }, [])).toBe(health)
})

test('a pending trouble code wants attention, a confirmed one is a fault', () => {
  expect(healthOf(signals, [pending])).toBe('attention')
  expect(healthOf(signals, [pending, { ...pending, status: 'confirmed' }])).toBe('fault')
})

test.each([
  { percent: 100, health: 100, km: 400 },
  { percent: 50, health: 90, km: 180 },
  { percent: 0, health: 90, km: 0 },
  { percent: null, health: 90, km: null },
  { percent: 50, health: null, km: null },
])('the range at $percent % with $health % health is $km km', ({ percent, health, km }) => {
  expect(rangeKm({ ...signals, batteryPercent: percent, batteryHealthPercent: health })).toBe(km)
})
