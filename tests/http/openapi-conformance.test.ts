import fc from 'fast-check'
import { expect, test } from 'vitest'
import { apiDocument, type DocumentedOperation, type Parameter } from '../support/api-document.ts'
import { type Schema, valid, violations } from '../support/json-schema.ts'
import { exhaust } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'

interface Request {
  params: Record<string, unknown>
  query: Record<string, unknown>
  headers: Record<string, string>
  body: unknown
}

const headerText = fc.stringMatching(/^[!-~]{1,40}$/)

/** Requests that the document allows. */
function requests({ parameters, body }: DocumentedOperation): fc.Arbitrary<Request> {
  const inside = (place: Parameter['in']) => parameters.filter(parameter => parameter.in === place)
  const fields = (list: Parameter[], of: (schema: Schema) => fc.Arbitrary<unknown>) =>
    fc.record(Object.fromEntries(list.map(({ name, schema }) => [name, of(schema)])), {
      requiredKeys: list.filter(({ required }) => required).map(({ name }) => name),
    })
  return fc.record({
    params: fields(inside('path'), schema => valid({ ...schema, minLength: 1 })),
    query: fields(inside('query'), valid),
    headers: fields(inside('header'), () => headerText) as fc.Arbitrary<Record<string, string>>,
    body: body ? valid(body) : fc.constant(undefined),
  })
}

function send(
  world: World,
  { method, path }: DocumentedOperation,
  { params, query, headers, body }: Request,
) {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  )
  return world.present(method, `${filled}?${search}`, body, headers)
}

test('every documented request is answered as documented: status, content type, fields', async () => {
  const world = createWorld({ rateLimitPerSecond: 0, logLevel: 'silent' })
  const document = await apiDocument(world)
  await exhaust(world, 'analysis')
  const statuses: Record<string, Set<number>> = {}
  for (const operation of document.operations) {
    if (operation.path === '/stream') continue
    const name = `${operation.method} ${operation.path}`
    const seen = new Set<number>()
    statuses[name] = seen
    await fc.assert(
      fc.asyncProperty(requests(operation), async request => {
        const response = await send(world, operation, request)
        seen.add(response.status)
        const described = operation.responses[String(response.status)]
        expect(described, `${name} answers ${response.status}`).toBeDefined()
        const type = response.headers.get('content-type') ?? ''
        expect(type.startsWith(described?.type ?? ''), `${name} answers ${type}`).toBe(true)
        const text = await response.text()
        const value = type.includes('json') ? JSON.parse(text) : text
        expect(violations(described?.schema ?? {}, value, document.schemas)).toEqual([])
      }),
      { numRuns: operation.body || operation.parameters.length > 0 ? 60 : 2, seed: 20260302 },
    )
  }
  expect([...(statuses['POST /licenses/borrow'] ?? [])]).toEqual(expect.arrayContaining([200, 404]))
  // Nothing was started, so no stage of the pipeline is well.
  delete statuses['GET /health']
  for (const [name, seen] of Object.entries(statuses))
    expect([name, [...seen].some(status => status < 500)]).toEqual([name, true])
})

test('a reply that lacks a documented field, or has another type, would be noticed', async () => {
  const document = await apiDocument(createWorld())
  const borrowed =
    document.operations.find(({ path }) => path === '/licenses/borrow')?.responses['200']?.schema ?? {}
  const good = {
    id: crypto.randomUUID(),
    tool: 't',
    user: 'u',
    borrowed_at: '2026-03-02T10:00:00.000Z',
    expires_at: null,
    is_overage: true,
    overage_charge: 1,
  }
  expect(violations(borrowed, good)).toEqual([])
  const { tool: _, ...without } = good
  expect(violations(borrowed, without)).toEqual(['$: tool is missing'])
  expect(violations(borrowed, { ...good, is_overage: 1 })).toEqual(['$.is_overage: integer is not boolean'])
  expect(violations(borrowed, { ...good, expires_at: 5 })).toEqual(['$.expires_at: no option fits'])
})
