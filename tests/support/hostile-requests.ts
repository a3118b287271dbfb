/** Requests that nobody means well with, made from the OpenAPI document and a seed. */
import type { ApiDocument, DocumentedOperation } from './api-document.ts'
import { optionsOf, type Schema } from './json-schema.ts'

export interface HostileRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: string | undefined
}

export interface Dice {
  /** A whole number from 0 to below `below`. */
  roll(below: number): number
  /** True once in `times`. */
  once(times: number): boolean
  pick<T>(from: readonly T[]): T
}

/** The same rolls for the same seed (mulberry32). */
export function dice(seed: number): Dice {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const roll = (below: number) => Math.floor(next() * below)
  return { roll, once: times => roll(times) === 0, pick: from => from[roll(from.length)] as never }
}

/** JSON texts, some of which no JSON.stringify would write. */
const hostileValues = [
  'null',
  'true',
  '[]',
  '{}',
  '""',
  '" "',
  '0',
  '-0',
  '-1',
  '1.5',
  '1e999',
  '-1e999',
  '1e-400',
  '9007199254740993',
  '2147483648',
  '1e21',
  'NaN',
  'Infinity',
  'undefined',
  '0x10',
  '01',
  '+1',
  '.5',
  '"1"',
  '"NaN"',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udfff\\ud800"',
  '"\\n\\r\\t"',
  '"\\u202e"',
  '"\\ufeff"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"\' OR 1=1 --"',
  '"; DROP TABLE pools"',
  '"%00"',
  '"%s%n"',
  '"<script>alert(1)</script>"',
  '"{{7*7}}"',
  '"../../etc/passwd"',
  '{"$gt":""}',
  '{"toString":null}',
  '{"length":5}',
  '[["cad_tool"]]',
  '{"__proto__":{"tool":"cad_tool"}}',
  `"${'x'.repeat(128)}"`,
  `"${'x'.repeat(129)}"`,
  `"${'é'.repeat(5000)}"`,
  `"${'x'.repeat(70_000)}"`,
  `${'['.repeat(500)}${']'.repeat(500)}`,
  `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`,
  '"💥"',
  '"a\u0000b"',
  '"\u2028"',
  '{"a":1,"a":2}',
]
const goodTexts = ['"cad_tool"', '"analysis"', '"simulation"', '"alice"', '"bob"']
const hostileTexts = [
  '',
  ' ',
  '*',
  '%',
  '%00',
  '%ff',
  '%e0%a4',
  '..',
  '../..',
  '%2e%2e%2f',
  '\\',
  "'",
  '"',
  'NaN',
  '-1',
  '1e309',
  '0x1',
  'null',
  'cad_tool',
  'x'.repeat(300),
  'é',
  '__proto__',
  '[]',
  'a=b&c',
  ';',
  '\u{1f4a5}',
  '%0d%0aX: y',
]
const weirdPaths = [
  '/',
  '//',
  '///x',
  '/%',
  '/%zz',
  '/%00',
  '/..',
  '/../../etc/passwd',
  '/./borrows',
  '/borrows/',
  '/BORROWS',
  '/licenses//status',
  '/licenses/%2F/status',
  '/licenses/../borrows',
  '/assets/%2e%2e/%2e%2e/package.json',
  '/assets/..%5c..%5c',
  '/vendor/',
  '/vendor/swagger-ui/swagger-ui.css',
  '/vendor/reveal/reveal.css',
  '/docs',
  '/config?token=x',
  '/?token=',
  `/${'a/'.repeat(500)}`,
  `/${'x'.repeat(4000)}`,
  '/borrows?',
  '/borrows?&&==&',
  '/borrows?user[]=1',
  '/stream/snapshot?topics=pools,pools,activity',
  '/stream?topics=__proto__',
  '/licenses/status#x',
  '/licenses/%F0%9F%92%A5/status',
  '/.well-known/x',
]
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'get', 'X']
const headerValues: Record<string, readonly string[]> = {
  'if-match': ['*', '""', 'W/"x"', '"budget-1"', '"cad_tool-1", "x"', ',,,', 'x'.repeat(5000)],
  'idempotency-key': [
    'k1',
    'k2',
    'k3',
    '',
    ' ',
    'x'.repeat(255),
    'x'.repeat(256),
    'é',
    '__proto__',
    "' OR 1=1",
  ],
  cookie: [
    '',
    '=',
    ';;;',
    'twinloop_session=',
    'twinloop_session=%',
    'twinloop_session=abcdefghijklmnopqrstuv',
    'twinloop_presenter=%00',
    'twinloop_presenter="; x',
    `twinloop_session=${'x'.repeat(5000)}`,
    'a=b; a=c; __proto__=d',
  ],
  'x-forwarded-for': [
    '',
    ',',
    '1.2.3.4',
    'unknown',
    '::1',
    '127.0.0.1',
    '1.2.3.4, , 5.6.7.8',
    'x'.repeat(5000),
    '::ffff:1.2.3.4',
    '[::1]:80',
    '999.999.999.999',
    '<script>',
  ],
  range: [
    'bytes=0-',
    'bytes=-1',
    'bytes=5-2',
    'bytes=99999999999-',
    'bytes=0-0,1-1',
    'items=0-5',
    'bytes=a-b',
    'bytes=',
  ],
  'accept-encoding': [
    '',
    'gzip',
    'br;q=0',
    '*',
    'deflate, gzip;q=1.0, *;q=0.5',
    'x'.repeat(1000),
    'identity;q=0',
  ],
  'content-type': [
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/json; charset=utf-16',
    'x',
  ],
  'content-encoding': ['gzip', 'br', 'x'],
  'x-request-id': ['ok', '', 'x'.repeat(65), '<x>', '__proto__'],
  traceparent: ['', 'x', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  'if-none-match': ['*', '"x"', 'W/"x"', ''],
  'last-event-id': ['', 'x-1', '-1', 'NaN'],
  accept: ['', 'text/html', 'x', '*/*;q=0'],
  host: ['x', 'evil.example', 'localhost:1', '127.0.0.1'],
  origin: ['null', 'http://evil.example', 'x', ''],
  'sec-fetch-site': ['cross-site', 'same-origin', 'x'],
  authorization: ['Bearer', 'Bearer x', 'Basic eDp5', 'bearer  x y', 'x'.repeat(3000)],
}

/** @param recentIds ids of borrows that exist or existed, to be returned, renewed and revoked */
export function hostileRequests({ operations }: ApiDocument, d: Dice, token: string, recentIds: string[]) {
  const changing = operations.filter(({ body }) => body !== undefined)
  const ofTheLedger = changing.filter(({ path }) => /^\/(licenses|config)\//.test(path))

  function fieldText(name: string, schema: Schema, isHostile: boolean): string {
    if (isHostile && d.once(3)) return d.pick(hostileValues)
    if (name === 'id')
      return JSON.stringify(recentIds.length > 0 && !d.once(4) ? d.pick(recentIds) : 'no-such-id')
    if (name === 'token') return JSON.stringify(d.once(2) ? token : 'wrong-token')
    const [option = {}] = optionsOf(schema) ?? [schema]
    if (option.type === 'string') return name === 'tool' ? d.pick(goodTexts.slice(0, 3)) : d.pick(goodTexts)
    if (name === 'total') return String(1 + d.roll(6))
    const { type, minimum = 0 } = option
    return String(d.pick([minimum, 1, 2, 3, type === 'integer' ? 60 : 99.99]))
  }

  /** Half of the bodies mean what they say: without seats held, nothing could go wrong with them. */
  function bodyText(schema: Schema): string {
    const isHostile = d.once(2)
    const names = Object.keys(schema.properties ?? {}).filter(
      name => schema.required?.includes(name) || d.once(3),
    )
    const fields = names.map(
      name => `${JSON.stringify(name)}:${fieldText(name, schema.properties?.[name] ?? {}, isHostile)}`,
    )
    if (d.once(12)) fields.splice(d.roll(fields.length + 1), 1)
    if (d.once(12))
      fields.push(
        `${d.pick(['"__proto__"', '"constructor"', '"unknown"', '""', '"tool"', '"id"'])}:${d.pick(hostileValues)}`,
      )
    if (d.once(12) && fields[0]) fields.push(fields[0])
    const text = `{${fields.join(',')}}`
    if (d.once(15)) return text.slice(0, d.roll(text.length))
    if (d.once(15)) return d.pick(hostileValues)
    if (d.once(40)) return text.padEnd(d.pick([65_535, 65_536, 65_537, 70_000]), ' ')
    return text
  }

  function pathOf({ path, parameters }: DocumentedOperation): string {
    const filled = path.replaceAll(/\{\w+\}/g, () =>
      d.once(3) ? encode(d.pick(hostileTexts)) : d.pick(['cad_tool', 'analysis', 'nothing']),
    )
    const query = parameters
      .filter(parameter => parameter.in === 'query' && d.once(2))
      .map(
        ({ name }) =>
          `${name}=${encode(d.once(2) ? d.pick(hostileTexts) : d.pick(['1', '60', '100', 'alice', '2026-03-02T09:00:00Z', 'pools']))}`,
      )
    if (d.once(10)) query.push(d.pick(['__proto__=1', 'limit=1&limit=x', '=', '&', '%', 'a[b]=c']))
    return query.length > 0 ? `${filled}?${query.join('&')}` : filled
  }

  /** As it is, or encoded: both reach a server. */
  const encode = (text: string) => (/[^!-~]|[#?&]/.test(text) || d.once(2) ? encodeURIComponent(text) : text)

  return (): HostileRequest => {
    const operation = d.pick(d.once(2) ? ofTheLedger : d.once(2) ? operations : changing)
    const isWeird = d.once(8)
    const headers: Record<string, string> = {}
    for (const name of Object.keys(headerValues))
      if (d.once(10)) headers[name] = d.pick(headerValues[name] ?? [])
    if (d.once(2)) headers.authorization = `Bearer ${token}`
    const method = isWeird || d.once(12) ? d.pick(methods) : operation.method
    const mayHaveBody = method !== 'GET' && method !== 'HEAD' && method !== 'get'
    const body =
      mayHaveBody && !d.once(20)
        ? operation.body
          ? bodyText(operation.body)
          : d.once(3)
            ? d.pick(hostileValues)
            : undefined
        : undefined
    return { method, path: isWeird ? d.pick(weirdPaths) : pathOf(operation), headers, body }
  }
}
