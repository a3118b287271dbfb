/** What holds for every question. */
import { expect, test } from 'vitest'
import { endpoints } from '../../../src/estate/operations.ts'
import { START } from '../../support/fake-clock.ts'
import { expectProblem, json } from '../../support/wire.ts'
import {
  aContainer,
  anEstateWorld,
  anInstance,
  aServer,
  containerSums,
  MINUTE,
  serverSums,
  serviceSums,
} from './estate-world.ts'

const paths = endpoints.flatMap(endpoint => endpoint.paths.map(path => ({ path, endpoint })))

/** Every number in it. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  if (value === null || typeof value !== 'object') return []
  return Object.values(value).flatMap(numbersIn)
}

test.each(paths)(
  'IN4: of an empty database $path tells nothing, 0 or null, and never 100',
  async ({ path, endpoint }) => {
    const { get } = anEstateWorld()
    const body = await get(path)
    expect(endpoint.reply.parse(body)).toEqual(body)
    if (endpoint.kind === 'detectorScore') delete body.hours
    expect(numbersIn(body).filter(number => number !== 0)).toEqual([])
    for (const [name, value] of Object.entries(Array.isArray(body) ? (body[0] ?? {}) : body))
      if (/^(avg_|score|value|cpu|memory|disk|success)/.test(name))
        expect([name, value]).toEqual([name, null])
  },
)

/** Fields of whole numbers, with their bounds. */
const bounded = paths.flatMap(({ path, endpoint }) =>
  Object.keys(endpoint.query.shape)
    .filter(field => ['minutes', 'hours', 'days', 'limit', 'offset', 'threshold'].includes(field))
    .map(field => ({ path, field })),
)

test.each(bounded)('IN23: $path refuses a $field out of bounds, naming it', async ({ path, field }) => {
  const { http } = anEstateWorld()
  const least = field === 'offset' || field === 'threshold' ? [] : ['0']
  for (const value of [
    ...least,
    '-1',
    '1e9',
    '1000000000',
    'text',
    '',
    ...(field === 'threshold' ? [] : ['1.5']),
  ]) {
    // An empty text is 0, which these may be.
    if (value === '' && least.length === 0) continue
    const problem = await expectProblem(
      await http.send('GET', `${path}?${field}=${value}`),
      'invalid_request',
    )
    expect([value, problem.errors[0].path]).toEqual([value, field])
  }
})

const trends = paths.filter(({ endpoint }) => 'interval' in endpoint.query.shape)

test.each(trends)(
  '$path refuses an interval that is none, that reaches not so far, or gives too many buckets',
  async ({ path }) => {
    const { http } = anEstateWorld()
    for (const query of ['interval=2min', 'hours=49&interval=1min', 'hours=34&interval=1min']) {
      const problem = await expectProblem(await http.send('GET', `${path}?${query}`), 'invalid_request')
      expect(problem.errors).toMatchObject([{ path: 'interval' }])
    }
    for (const query of ['hours=33&interval=1min', 'hours=168&interval=5min', 'hours=168'])
      expect((await http.send('GET', `${path}?${query}`)).status).toBe(200)
  },
)

test('too many services for so many buckets: one must be named, or the interval be longer', async () => {
  const { db, http } = anEstateWorld()
  for (let service = 0; service < 11; service++)
    anInstance(db, `service-${service}-01`, {}, { service: `service-${service}` })
  const path = '/api/services/latency-trend?hours=168&interval=5min'
  const problem = await expectProblem(await http.send('GET', path), 'invalid_request')
  expect(problem.errors[0].path).toBe('interval')
  expect(await json(await http.send('GET', `${path}&service=service-1`))).toHaveLength(2016)
})

const aliased = endpoints.filter(({ paths }) => paths.length > 1)

test.each(aliased)('the names $paths lead to the same, byte for byte', async ({ paths: names }) => {
  const { db, http } = anEstateWorld()
  aServer(db, 'server-0001')
  anInstance(db, 'checkout-01')
  serverSums(db, START - 5 * MINUTE)
  containerSums(db, START - 5 * MINUTE)
  serviceSums(db, START - 5 * MINUTE)
  const [first, ...others] = await Promise.all(names.map(async path => (await http.send('GET', path)).text()))
  expect(first).toMatch(/\d/)
  for (const other of others) expect(other).toBe(first)
})

const hostile = [
  `'; DROP TABLE estate_resources; --`,
  `" OR 1=1 --`,
  `<script>alert(1)</script>`,
  '%00',
  '*',
  '../../etc/passwd',
  '{{7*7}}',
]

test.each(hostile)('a parameter is just text: %s', async text => {
  const { db, get } = anEstateWorld()
  aServer(db, 'server-0001')
  aContainer(db, 'container-1')
  anInstance(db, 'checkout-01')
  serviceSums(db, START - MINUTE)
  const value = encodeURIComponent(text)
  expect(await get(`/api/servers/current?search=${value}`)).toEqual([])
  expect(await get(`/api/servers/health?region=${value}&environment=${value}`)).toMatchObject({
    total_servers: 0,
  })
  expect(await get(`/api/containers/current?service=${value}`)).toEqual([])
  expect(await get(`/api/services/latency-trend?service=${value}`)).toEqual([])
  expect(await get(`/api/services/latency-percentiles?service=${value}`)).toEqual([])
  expect(await get('/api/servers/health')).toMatchObject({ total_servers: 1 })
})

test('what is not among the choices, or too long, is refused', async () => {
  const { http } = anEstateWorld()
  for (const query of [
    'sort=id',
    'sort=name;--',
    'order=up',
    'status=ill',
    `search=${'x'.repeat(65)}`,
    'region=',
  ])
    await expectProblem(await http.send('GET', `/api/servers/current?${query}`), 'invalid_request')
})

test('a parameter that nobody knows changes nothing', async () => {
  const { get } = anEstateWorld()
  expect(await get('/api/servers/health?whatever=1')).toEqual(await get('/api/servers/health'))
})
