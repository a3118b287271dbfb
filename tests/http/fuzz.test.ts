import { Agent, request } from 'node:http'
import { gunzipSync, inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { failures } from '../../src/shared/errors.ts'
import { apiDocument } from '../support/api-document.ts'
import { parseExposition } from '../support/exposition.ts'
import { dice, type HostileRequest, hostileRequests } from '../support/hostile-requests.ts'
import { assertInvariants } from '../support/ledger-invariants.ts'
import { exchange } from '../support/socket.ts'
import { type Answer, borrow, configure, listening, ok } from '../support/wire.ts'
import { createWorld, TOKEN, type World } from '../support/world.ts'

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)
const reasons = new Set(Object.keys(failures))

/** What is wrong with an answer; null: nothing. */
function complaint(
  { method, headers }: HostileRequest,
  status: number,
  type: string,
  text: string,
): string | null {
  if (status >= 500) return `a fault: ${text}`
  if (status < 400 || method === 'HEAD' || status === 416) return null
  // Whoever asks for a page where there is none gets one that says so.
  const hasNoPage = status === 404 || status === 405
  if (hasNoPage && /html/i.test(headers.accept ?? '') && type.startsWith('text/html')) return null
  if (!type.startsWith('application/problem+json')) return `no problem: ${type} ${text.slice(0, 100)}`
  const { reason, status: said, request_id } = JSON.parse(text)
  if (!reasons.has(reason)) return `unknown reason ${reason}`
  return said === status && request_id ? null : `a problem that is not whole: ${text}`
}

const shown = ({ method, path, headers, body }: HostileRequest) =>
  `${method} ${path.slice(0, 200)} ${JSON.stringify(headers).slice(0, 600)} ${body?.slice(0, 300)}`

function report(bad: string[]): void {
  expect(bad.slice(0, 5), `run again with FUZZ_SEED=${SEED}`).toEqual([])
}

/** What must hold whatever was asked. */
async function expectSound(world: World): Promise<void> {
  await ok(world.send('GET', '/readyz'))
  const pools: Answer[] = await ok(world.send('GET', '/licenses/status'))
  const { value } = parseExposition(await (await world.send('GET', '/metrics')).text())
  const borrows = await world.present('GET', '/borrows?limit=1000')
  const rows = (await borrows.json()) as Answer[]
  expect(Number(borrows.headers.get('x-total-count'))).toBe(rows.length)
  for (const { tool, borrowed, total, current_overage_cost } of pools) {
    expect(rows.filter(row => row.tool === tool).length).toBe(borrowed)
    expect(value('licenses_borrowed', { tool })).toBe(borrowed)
    expect(borrowed).toBeLessThanOrEqual(total)
    const { charges, next } = await ok(world.send('GET', `/overage-charges?tool=${tool}&limit=5000`))
    expect(next).toBeNull()
    const cents = charges.reduce((sum: number, { amount }: Answer) => sum + Math.round(amount * 100), 0)
    expect(Math.round(current_overage_cost * 100)).toBe(cents)
  }
  assertInvariants(world.dbPath)
  await configure(world, { total: 1_000_000, commit: 1_000_000 })
  const { id } = await borrow(world, 'after all')
  expect(await ok(world.send('POST', '/licenses/return', { id }))).toEqual({ status: 'ok', tool: 'cad_tool' })
  const faults = world.lines().filter(({ event }) => event === 'internal_error')
  expect(faults, `run again with FUZZ_SEED=${SEED}`).toEqual([])
}

async function hostileWorld() {
  // Faults would fail on purpose, and simulated people would go on borrowing.
  const quiet = { faultsPossible: false, logLevel: 'warn' }
  const world = createWorld({ rateLimitPerSecond: 0, trustedProxies: 1, ...quiet })
  const ids: string[] = []
  const d = dice(SEED)
  const { operations, ...document } = await apiDocument(world)
  // Without a start no stage of the pipeline is well, and says so.
  const left = ['PUT /traffic', 'GET /health']
  const harmless = operations.filter(({ method, path }) => !left.includes(`${method} ${path}`))
  const next = hostileRequests({ ...document, operations: harmless }, d, TOKEN, ids)
  /** Remembers borrows that were granted, so that they are returned too. */
  const learn = ({ path }: HostileRequest, status: number, text: string) => {
    if (status !== 200 || path !== '/licenses/borrow') return
    ids.push(JSON.parse(text).id)
    if (ids.length > 30) ids.shift()
  }
  return { world, d, next, learn }
}

test('eight thousand hostile requests: never a fault, always a problem, and the ledger is sound', async () => {
  const { world, d, next, learn } = await hostileWorld()
  const bad: string[] = []
  const statuses = new Map<number, number>()
  for (let batch = 0; batch < 400; batch++) {
    if (d.once(10)) world.clock.advance(d.roll(3_600_000))
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const asked = next()
        if (asked.path.startsWith('/stream') && !asked.path.startsWith('/stream/')) return
        const response = await world.send(asked.method, asked.path, asked.body, asked.headers)
        const bytes = Buffer.from(await response.arrayBuffer())
        const text = plain(bytes, response.headers.get('content-encoding'))
        const wrong = complaint(asked, response.status, response.headers.get('content-type') ?? '', text)
        if (wrong) bad.push(`${wrong} <- ${shown(asked)}`)
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
        learn(asked, response.status, text)
      }),
    )
  }
  report(bad)
  for (const status of [200, 400, 401, 404, 405, 409, 412, 413, 422])
    expect([status, (statuses.get(status) ?? 0) > 0]).toEqual([status, true])
  await expectSound(world)
})

test('two thousand over real sockets, whole and mutilated', async () => {
  const { world, d, next, learn } = await hostileWorld()
  const { port } = await listening(world)
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  const bad: string[] = []
  for (let batch = 0; batch < 100; batch++)
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const asked = next()
        if (asked.path.startsWith('/stream') || asked.method === 'X' || asked.method === 'get') return
        if (index < 14) {
          const { status, type, text } = await overSocket(agent, port, asked)
          const wrong = complaint(asked, status, type, text)
          if (wrong) bad.push(`${wrong} <- ${shown(asked)}`)
          learn(asked, status, text)
          return
        }
        const { text } = await exchange(port, mutilated(asked, d), 1500, true)
        const faults = [...text.matchAll(/HTTP\/1\.1 (5\d\d) /g)].map(([, status]) => status)
        if (faults.length > 0) bad.push(`${faults} <- mutilated ${shown(asked)}`)
      }),
    )
  agent.destroy()
  report(bad)
  await expectSound(world)
})

const plain = (bytes: Buffer, encoding: string | null): string => {
  if (bytes.length === 0) return ''
  const decode = { gzip: gunzipSync, deflate: inflateSync }[encoding ?? '']
  return (decode ? decode(bytes) : bytes).toString()
}

const latin1 = (text: string) => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')

function overSocket(agent: Agent, port: number, { method, path, headers, body }: HostileRequest) {
  const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, latin1(value)]))
  if (body !== undefined) sent['content-length'] = String(Buffer.byteLength(body))
  const safePath = path.replaceAll(/[^!-~]/g, encodeURIComponent).replace(/#.*/, '')
  return new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
    const asking = request(
      { host: '127.0.0.1', port, agent, method, path: safePath, headers: sent },
      response => {
        const chunks: Buffer[] = []
        response.on('data', chunk => void chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            text: plain(Buffer.concat(chunks), response.headers['content-encoding'] ?? null),
          }),
        )
        response.on('error', reject)
      },
    )
    asking.setTimeout(5000, () => asking.destroy(new Error('no answer')))
    asking.on('error', error =>
      reject(new Error(`${error.message} <- ${shown({ method, path, headers, body })}`)),
    )
    asking.end(body)
  })
}

/** The bytes of a request with some of them changed, doubled, missing, or cut off. */
function mutilated({ method, path, headers, body = '' }: HostileRequest, d: ReturnType<typeof dice>): Buffer {
  const head = Object.entries({ host: 'x', ...headers, 'content-length': String(Buffer.byteLength(body)) })
  const text = `${method} ${path} HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`
  const bytes = [...Buffer.from(text.slice(0, 6000), 'latin1')]
  for (let count = d.roll(6); count >= 0; count--) {
    const at = d.roll(Math.min(bytes.length, d.once(2) ? 80 : bytes.length))
    const kind = d.roll(4)
    if (kind === 0) bytes[at] = d.roll(256)
    else if (kind === 1) bytes.splice(at, 1)
    else if (kind === 2) bytes.splice(at, 0, ...bytes.slice(at, at + d.roll(30)))
    else bytes.length = Math.max(1, at)
  }
  return Buffer.from(bytes)
}
