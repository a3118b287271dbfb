/**
 * The clients that the original server had in Python, C, C++ and Rust, and its stress test, go on working: requests of
 * their shapes, and every status and field that they branch on.
 */
import { execFile, execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { configure, json, listening } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

const API_KEY = 'acme_live_pk_0123456789abcdef'

/** How each of them signs; the vendor's secret of the original is not ours, so nothing may depend on it. */
function signed(tool: string, user: string, { key, agent }: { key: string | null; agent: string }) {
  const timestamp = String(Math.floor(Date.parse('2026-03-02T10:00:00Z') / 1000))
  const payload = [tool, user, timestamp, ...(key === null ? [] : [key])].join('|')
  return {
    'content-type': 'application/json',
    'user-agent': agent,
    'x-signature': createHmac('sha256', 'some secret').update(payload).digest('hex'),
    'x-timestamp': timestamp,
    'x-vendor-id': 'techvendor',
    ...(key !== null && { authorization: `Bearer ${key}` }),
  }
}

const bearer = { 'content-type': 'application/json', authorization: `Bearer ${API_KEY}`, accept: '*/*' }
const clients = [
  { name: 'Python', headers: signed('cad_tool', 'u', { key: null, agent: 'python-requests/2.32.0' }) },
  { name: 'C, with a key', headers: bearer },
  { name: 'C, without one', headers: { 'content-type': 'application/json', accept: '*/*' } },
  { name: 'C++, with a key', headers: signed('cad_tool', 'u', { key: API_KEY, agent: '' }) },
  { name: 'Rust', headers: signed('cad_tool', 'u', { key: null, agent: '' }) },
  { name: 'the stress test', headers: { 'content-type': 'application/json' } },
]

/** As the C client finds a field: by its name and colon, with no room between. */
const scan = (text: string, name: string) => text.slice(text.indexOf(`"${name}":`) + name.length + 3)

describe.each(clients)('the client of $name', ({ headers }) => {
  test('borrows, looks, is refused, returns', async () => {
    const world = createWorld()
    const post = (path: string, body: object) => world.send('POST', path, body, headers)
    const text = async (path: string) => (await world.send('GET', path)).text()

    const borrowed = await post('/licenses/borrow', { tool: 'cad_tool', user: 'u' })
    expect(borrowed.status).toBe(200)
    expect(borrowed.headers.get('content-type')).toMatch(/^application\/json/)
    const answer = await borrowed.text()
    const { id } = JSON.parse(answer)
    // 64 characters are its room for an id, the closing zero among them.
    expect(scan(answer, 'id')).toMatch(/^"[\da-f-]{36}"/)
    expect(JSON.parse(answer)).toMatchObject({
      id: expect.any(String),
      tool: 'cad_tool',
      user: 'u',
      borrowed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    })

    const fields = { tool: 'cad_tool', total: 5, borrowed: 1, available: 4, commit: 4 }
    const status = { ...fields, max_overage: 1, overage: 0, in_commit: true }
    const one = await text('/licenses/cad_tool/status')
    expect(JSON.parse(one)).toMatchObject(status)
    for (const [name, value] of [
      ['total', 5],
      ['borrowed', 1],
      ['available', 4],
    ] as const)
      expect(Number.parseInt(scan(one, name), 10)).toBe(value)
    expect(JSON.parse(await text('/licenses/status'))).toContainEqual(expect.objectContaining(status))

    for (let seat = 0; seat < 4; seat++)
      expect((await post('/licenses/borrow', { tool: 'cad_tool', user: 'u' })).status).toBe(200)
    const refused = await post('/licenses/borrow', { tool: 'cad_tool', user: 'u' })
    expect(refused.status).toBe(409)
    expect(await json(refused)).toMatchObject({ detail: expect.any(String) })

    const returned = await post('/licenses/return', { id })
    expect(returned.status).toBe(200)
    expect(await json(returned)).toEqual({ status: 'ok', tool: 'cad_tool' })
    expect((await post('/licenses/return', { id: 'nothing' })).status).toBe(404)
    expect((await post('/licenses/borrow', { tool: 'cad_tool' })).status).toBe(422)
  })
})

test('curl without a content type, and the form type that it sends by itself, are understood', async () => {
  const world = createWorld()
  const body = JSON.stringify({ tool: 'cad_tool', user: 'u' })
  const type = 'application/x-www-form-urlencoded'
  expect((await world.send('POST', '/licenses/borrow', body, { 'content-type': type })).status).toBe(200)
})

test('a tool with spaces in its name is found by its escaped name', async () => {
  const world = createWorld()
  const unknown = await world.send('GET', '/licenses/ECU%20Development%20Suite/status')
  expect(unknown.status).toBe(404)
  expect(await json(unknown)).toMatchObject({ detail: 'Tool not found' })
  expect(await json(await world.send('GET', '/licenses/cad%5Ftool/status'))).toMatchObject({
    tool: 'cad_tool',
  })
})

test('a spent budget refuses with the 409 that they take for "none available"', async () => {
  const world = createWorld()
  await configure(world, { spend_cap: 50 })
  const statuses = []
  for (let seat = 0; seat < 5; seat++)
    statuses.push((await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'u' })).status)
  expect(statuses).toEqual([200, 200, 200, 200, 409])
})

const python = `
import hashlib, hmac, json, sys, time, urllib.error, urllib.request

BASE = sys.argv[1]

def call(path, body=None, headers={}):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE + path, data=data, headers={"Content-Type": "application/json", **headers})
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)

class NoneAvailable(Exception):
    pass

class Handle:
    def __init__(self, tool, user):
        stamp = str(int(time.time()))
        signature = hmac.new(b"some secret", f"{tool}|{user}|{stamp}".encode(), hashlib.sha256).hexdigest()
        headers = {"X-Signature": signature, "X-Timestamp": stamp, "X-Vendor-ID": "techvendor"}
        try:
            self.id = call("/licenses/borrow", {"tool": tool, "user": user}, headers)["id"]
        except urllib.error.HTTPError as error:
            if error.code == 409:
                raise NoneAvailable(tool) from error
            raise
    def __enter__(self):
        return self
    def __exit__(self, *ignored):
        call("/licenses/return", {"id": self.id})

seen = []
with Handle("analysis", "python-client-user"):
    with Handle("analysis", "python-client-user"):
        seen.append(call("/licenses/analysis/status")["available"])
        try:
            Handle("analysis", "python-client-user")
        except NoneAvailable as error:
            seen.append(f"none available: {error}")
seen.append(call("/licenses/analysis/status")["available"])
try:
    call("/licenses/return", {"id": "nothing"})
except urllib.error.HTTPError as error:
    seen.append([error.code, json.load(error)["detail"]])
print(json.dumps(seen))
`

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test.skipIf(!hasPython())(
  'a Python program borrows with `with`, is refused, and gives back (needs python3)',
  async () => {
    const { origin } = await listening(createWorld())
    const { stdout } = await promisify(execFile)('python3', ['-c', python, origin])
    expect(JSON.parse(stdout)).toEqual([0, 'none available: analysis', 2, [404, 'Borrow record not found']])
  },
)
