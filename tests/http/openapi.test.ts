import { expect, test } from 'vitest'
import { failures } from '../../src/shared/errors.ts'
import { apiDocument } from '../support/api-document.ts'
import { optionsOf, type Schema } from '../support/json-schema.ts'
import { pageAddresses } from '../support/page-addresses.ts'
import { expectProblem, json, ok } from '../support/wire.ts'
import { createWorld, TOKEN, WEBHOOK_TOKEN } from '../support/world.ts'

const pages = new Set(pageAddresses)

test('the document is OpenAPI 3.1 and served as JSON', async () => {
  const response = await createWorld().send('GET', '/openapi.json')
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  const document = await json(response)
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3', title: expect.any(String) } })
  expect(Object.keys(document.paths)).toContain('/licenses/borrow')
})

test('every route but the pages and files is in the document, and nothing else', async () => {
  const world = createWorld()
  const { operations } = await apiDocument(world)
  const mounted = world.app.app.routes
    .filter(({ method, path }) => method !== 'ALL' && !pages.has(path) && !path.startsWith('/vendor/'))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  const documented = operations.map(({ method, path }) => `${method} ${path}`)
  expect([...documented].sort()).toEqual([...new Set(mounted)].sort())
})

test('operation ids are unique, path parameters are those of the path, references lead somewhere', async () => {
  const world = createWorld()
  const { operations, schemas } = await apiDocument(world)
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  for (const { path, parameters } of operations) {
    const inPath = parameters.filter(parameter => parameter.in === 'path').map(({ name }) => name)
    expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
  }
  const text = await (await world.send('GET', '/openapi.json')).text()
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(Object.keys(schemas)).toContain(name)
})

test('the problem schema lists every reason there is', async () => {
  const { schemas } = await apiDocument(createWorld())
  expect(schemas.Problem?.properties?.reason?.enum).toEqual(Object.keys(failures))
})

test('what needs a token is marked, and answers 401 without it, nothing else does', async () => {
  const world = createWorld()
  const { operations } = await apiDocument(world)
  expect(operations.filter(({ only }) => only).map(({ method, path }) => `${method} ${path}`)).toEqual(
    expect.arrayContaining([
      'POST /licenses/revoke',
      'PUT /config/budget',
      'PUT /faults',
      'POST /alerts/webhook',
    ]),
  )
  for (const { method, path, only } of operations) {
    const response = await world.send(
      method,
      path.replace('{tool}', 'cad_tool'),
      method === 'GET' ? undefined : {},
    )
    if (only) await expectProblem(response, 'unauthorized')
    else expect(response.status).not.toBe(401)
  }
})

const wrongTypes = [null, true, 'text', 7.5, [], {}, [1], { a: 1 }]

/** Values just outside what a schema of one field documents. */
function outside(schema: Schema): unknown[] {
  const options = optionsOf(schema) ?? [schema]
  const types = options.map(({ type }) => type)
  const values: unknown[] = wrongTypes.filter(value => {
    if (value === null) return !types.includes('null')
    if (Array.isArray(value)) return !types.includes('array')
    if (value === 7.5) return !types.includes('number')
    return !types.includes(typeof value)
  })
  for (const { type, minimum, maximum, minLength, maxLength } of options) {
    if (type === 'integer' || type === 'number') {
      if (minimum !== undefined) values.push(minimum - 1)
      if (maximum !== undefined && maximum < 1e15) values.push(maximum + 1)
    }
    if (type === 'string' && minLength) values.push('')
    if (type === 'string' && maxLength) values.push('x'.repeat(maxLength + 1))
  }
  return values
}

const examples: { [name: string]: unknown } = {
  tool: 'cad_tool',
  user: 'alice',
  id: '00000000-0000-7000-8000-000000000000',
  token: 'presenter-token-of-the-tests',
  message: 'boom',
  version: '4.0.0',
  alerts: [],
  release_version: '9.9.9',
  name: 'a campaign',
  vehicle: 'vehicle_00001',
  vehicle_id: 'vehicle_00001',
  on: true,
  action: 'lock',
  latitude: 39.7,
  longitude: -104.9,
  endpoint: '/api/vehicle/status',
  method: 'GET',
  status_code: 200,
  response_time_ms: 12.5,
  client_id: 'app',
  kpi: 'p95_latency_ms',
  total: 5,
  commit: 4,
  max_overage: 1,
  commit_price: 1000,
  overage_price_per_license: 100,
}

/** Where a field means something else than elsewhere. */
const examplesAt: { [path: string]: object } = {
  '/alerts/webhook': { version: '4' },
  '/deck/position': { deck: 'window-1', slide: 'title', index: 0, slides: 15 },
  '/deck/commands': { action: 'next', meant_for: 1 },
  '/scenarios/{name}/start': { name: 'bad-release' },
  '/incidents/{id}/acknowledge': { id: 1 },
  '/estate/faults': { kind: 'cpu_saturation' },
}
const examplesOf = (path: string): typeof examples => ({ ...examples, ...examplesAt[path] })

/** A path with something that its parameters allow. */
const filled = (path: string) =>
  path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    String(examplesOf(path)[name] ?? '00000000-0000-4000-8000-000000000000'),
  )

test('the documented schema of a body is the one that validates: field by field, bound by bound', async () => {
  const world = createWorld()
  const { operations } = await apiDocument(world)
  const wrong: unknown[] = []
  for (const { method, path, body, only } of operations) {
    if (!body) continue
    const token = only === 'alertmanager' ? WEBHOOK_TOKEN : TOKEN
    const required = body.required ?? []
    const known = examplesOf(path)
    const good = Object.fromEntries(required.map(name => [name, known[name]]))
    const statusOf = async (value: unknown) =>
      (await world.send(method, filled(path), value, { authorization: `Bearer ${token}` })).status
    if ((await statusOf(good)) === 422) wrong.push([path, 'refused', good])
    for (const name of required) {
      const { [name]: _, ...without } = good
      if ((await statusOf(without)) !== 422) wrong.push([path, 'accepted without', name])
    }
    for (const [name, field] of Object.entries(body.properties ?? {})) {
      for (const value of outside(field))
        if ((await statusOf({ ...good, [name]: value })) !== 422) wrong.push([path, name, 'accepted', value])
      for (const bound of [field.minimum, field.maximum])
        if (bound !== undefined && (await statusOf({ ...good, [name]: bound })) === 422)
          wrong.push([path, name, 'refused', bound])
    }
  }
  expect(wrong).toEqual([])
})

test('the documented schema of a query is the one that validates', async () => {
  const world = createWorld()
  const { operations } = await apiDocument(world)
  const wrong: unknown[] = []
  let tried = 0
  for (const { method, path, parameters } of operations)
    for (const { name, in: place, schema } of parameters) {
      if (place !== 'query' || schema.type !== 'integer') continue
      const needed = parameters.filter(other => other.in === 'query' && other.required && other.name !== name)
      const given = needed.map(other => `&${other.name}=${examples[other.name]}`).join('')
      const statusOf = async (value: unknown) =>
        (await world.present(method, `${filled(path)}?${name}=${value}${given}`)).status
      const { minimum = 0, maximum = 10, default: preset = minimum } = schema
      const bad = ['x', '1.5', minimum - 1, ...(maximum < 1e15 ? [maximum + 1] : [])]
      for (const value of bad)
        if ((await statusOf(value)) !== 422) wrong.push([path, name, 'accepted', value])
      for (const value of [minimum, maximum < 1e15 ? maximum : 10, preset])
        if ((await statusOf(value)) === 422) wrong.push([path, name, 'refused', value])
      tried++
    }
  expect(wrong).toEqual([])
  expect(tried).toBeGreaterThanOrEqual(7)
})

test('the page of the document works offline: its scripts and styles come from here', async () => {
  const world = createWorld()
  const html = await (await world.send('GET', '/docs')).text()
  const linked = [...html.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)].map(([, path = '']) => path)
  expect(linked.length).toBeGreaterThan(0)
  for (const path of linked) expect([path, (await world.send('GET', path)).status]).toEqual([path, 200])
  expect(await ok(world.send('GET', '/openapi.json'))).toHaveProperty('openapi')
})
