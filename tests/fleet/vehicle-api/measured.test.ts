import { expect, test } from 'vitest'
import { vehicleApiMetrics } from '../../../src/fleet/vehicle-api/metrics.ts'
import { appToken } from '../../../src/vehicle/credentials.ts'
import { ok } from '../../support/wire.ts'
import { TOKEN } from '../../support/world.ts'
import { anApiWorld, KEY, SILENT, VEHICLE, VIN } from './api-world.ts'

const status = `/api/vehicle/status?vehicle_id=${VEHICLE}`
const presenter = { authorization: `Bearer ${TOKEN}` }

test('VC6: every request is an event, with its own pattern, status, caller and duration', async () => {
  const world = anApiWorld()
  world.behave((vehicle, { id }) => {
    world.clock.advance(750)
    world.commands.settle(vehicle, id, 'done', null)
  })
  await world.asApp('GET', status)
  await world.http.send('GET', status, undefined, presenter)
  await world.http.send('GET', status)
  await world.http.send('GET', status, undefined, { authorization: 'Bearer wrong' })
  await world.http.send('GET', '/api/vehicle/status?vehicle_id=vehicle_99999', undefined, presenter)
  await world.http.send('GET', '/api/vehicle/status', undefined, presenter)
  await world.asApp('POST', '/api/vehicle/lock', { vehicle_id: VEHICLE })
  await world.asApp('POST', '/api/vehicle/lock', 'no json')
  await world.http.send('DELETE', status)
  const [first] = await world.measured()
  expect(first).toMatchObject({ source: 'measured', endpoint: '/api/vehicle/status', key: null })
  const anonymous = expect.stringMatching(/^anonymous:[\w-]{22}$/)
  const rows = (await world.measured()).map(row => [
    row.method,
    row.statusCode,
    row.clientId,
    row.vehicle,
    row.responseTimeMs,
    row.errorMessage,
  ])
  expect(rows).toEqual([
    ['GET', 200, `app:${VEHICLE}`, VEHICLE, 0, null],
    ['GET', 200, 'presenter', VEHICLE, 0, null],
    ['GET', 401, anonymous, VEHICLE, 0, 'unauthorized'],
    ['GET', 401, anonymous, VEHICLE, 0, 'unauthorized'],
    ['GET', 404, 'presenter', 'vehicle_99999', 0, 'unknown_vehicle'],
    ['GET', 422, 'presenter', null, 0, 'invalid_request'],
    ['POST', 200, `app:${VEHICLE}`, VEHICLE, 750, null],
    ['POST', 422, anonymous, null, 0, 'malformed_json'],
    ['DELETE', 405, anonymous, null, 0, null],
  ])
})

test('what is refused by the rate limit is seen too', async () => {
  const world = anApiWorld({ perSecond: 1 })
  const session = { cookie: `twinloop_session=${'s'.repeat(22)}` }
  for (let index = 0; index < 7; index++)
    await world.http.send('GET', status, undefined, { ...presenter, ...session })
  const codes = (await world.measured()).map(({ statusCode }) => statusCode)
  expect(codes).toEqual([200, 200, 200, 200, 200, 429, 429])
  const security = await ok(
    world.http.send('GET', '/api/analytics/kpis/security', undefined, {
      cookie: 'twinloop_session=another-session-of-it',
    }),
  )
  expect(security).toMatchObject({ rate_limit_violations: 2 })
})

test('what is no address of the vehicle API is no event', async () => {
  const world = anApiWorld()
  await world.http.send('GET', '/api/vehicle/wings')
  await world.http.send('GET', '/api/events')
  await world.http.send('GET', '/api/analytics/kpis')
  expect(await world.measured()).toEqual([])
})

test('no token, address or VIN is kept or shown', async () => {
  const world = anApiWorld()
  const guessed = 'a-token-that-somebody-guessed'
  await world.asApp('GET', status)
  await world.http.send('GET', status, undefined, presenter)
  await world.http.send('GET', status, undefined, { authorization: `Bearer ${guessed}` })
  const shown = [
    JSON.stringify(await world.measured()),
    await (await world.http.send('GET', '/api/events')).text(),
    (await world.metrics.expose()).text,
  ].join('\n')
  for (const secret of [guessed, TOKEN, KEY, appToken(KEY, VEHICLE), VIN, '127.0.0.1'])
    expect(shown).not.toContain(secret)
})

test('somebody who tries tokens is found', async () => {
  const world = anApiWorld()
  for (let index = 0; index < 100; index++)
    await world.http.send('GET', status, undefined, { authorization: `Bearer guess${index}` })
  await world.measured()
  const { suspicious_clients } = await ok(world.http.send('GET', '/api/analytics/kpis/security'))
  expect(suspicious_clients).toEqual([
    {
      client_id: expect.stringMatching(/^anonymous:/),
      reasons: ['brute_force', 'repeated_failures', 'error_spike'],
    },
  ])
})

test('somebody who asks for a thousand vehicles is found', async () => {
  const world = anApiWorld()
  for (let index = 0; index < 1000; index++) {
    world.clock.advance(1000)
    await world.http.send('GET', `/api/vehicle/location?vehicle_id=v${index}`, undefined, presenter)
  }
  await world.measured()
  const { suspicious_clients } = await ok(world.http.send('GET', '/api/analytics/kpis/security'))
  expect(suspicious_clients).toEqual([{ client_id: 'presenter', reasons: ['many_vehicles', 'error_spike'] }])
})

test('metrics carry our own addresses and HTTP’s methods only', async () => {
  const world = anApiWorld()
  await world.asApp('GET', status)
  await world.http.send('GET', `/api/vehicle/status?vehicle_id=${SILENT}`)
  await world.http.send('BREW', status)
  await world.http.send('GET', '/api/vehicle/wings')
  const { text } = await world.metrics.expose()
  const series = text.match(/^vehicle_api_requests_total.*$/gm)
  expect(series).toEqual([
    'vehicle_api_requests_total{endpoint="/api/vehicle/status",method="GET",status="200"} 1',
    'vehicle_api_requests_total{endpoint="/api/vehicle/status",method="GET",status="401"} 1',
    expect.stringMatching(/endpoint="\/api\/vehicle\/status",method="OTHER",status="40[45]"\} 1/),
  ])
  expect(text).toContain(
    'vehicle_api_request_duration_seconds_count{endpoint="/api/vehicle/status",method="GET"} 2',
  )
  for (const { labels } of Object.values(vehicleApiMetrics)) expect(labels).not.toContain('vehicle')
})
