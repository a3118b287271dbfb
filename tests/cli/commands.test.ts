import { expect, test } from 'vitest'
import { answered, requestLost } from '../client/virtual.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { exhaust, ok, statusOf } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'
import { terminal } from './terminal.ts'

const UUID = /^[\da-f-]{36}\n$/

test('borrow prints the id alone, and the seat stays held until it is returned', async () => {
  const world = createWorld()
  const { type } = terminal(world)
  const borrowed = await type('borrow', 'cad_tool')
  expect(borrowed).toEqual({
    code: 0,
    out: expect.stringMatching(UUID),
    err: 'Held until 2026-03-02T12:00:00.000Z.\n',
  })
  expect(await ok(world.send('GET', '/borrows'))).toMatchObject([{ tool: 'cad_tool', user: 'alice' }])
  const id = borrowed.out.trim()
  world.clock.advance(60_000)
  expect(await type('renew', id)).toEqual({ code: 0, out: '2026-03-02T12:01:00.000Z\n', err: '' })
  expect(await type('return', id)).toEqual({ code: 0, out: 'cad_tool: returned\n', err: '' })
  expect(await type('return', id)).toEqual({ code: 0, out: 'cad_tool: had ended before\n', err: '' })
  expect(await type('renew', id)).toMatchObject({ code: 1, err: expect.stringContaining('lost (returned)') })
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
})

test('with --json, each command prints one JSON value', async () => {
  const { type } = terminal(createWorld())
  const { out } = await type('borrow', 'cad_tool', '--user', 'bob', '--json')
  expect(JSON.parse(out)).toMatchObject({ tool: 'cad_tool', user: 'bob', isOverage: false })
  const { id } = JSON.parse(out)
  expect(JSON.parse((await type('status', '--json')).out)).toHaveLength(3)
  expect(JSON.parse((await type('status', 'cad_tool', '--json')).out)).toMatchObject({ borrowed: 1 })
  expect(JSON.parse((await type('renew', id, '--json')).out)).toMatchObject({ status: 'ok' })
  expect(JSON.parse((await type('return', id, '--json')).out)).toEqual({ status: 'ok', tool: 'cad_tool' })
})

const table = `TOOL        HELD  FREE  OVERAGE  LEASE         COST
analysis     0/2     2      0/1    2 h  1000.00 USD
cad_tool     5/5     0      1/1    2 h  1100.00 USD
simulation   0/3     3      0/1    2 h  1000.00 USD
`

test('status is a table, in colour on a terminal only, and not with NO_COLOR', async () => {
  const world = createWorld()
  await exhaust(world, 'cad_tool')
  const tty = (env: Record<string, string>) => {
    let out = ''
    const screen = {
      isTTY: true,
      write(piece: string) {
        out += piece
      },
    }
    const { type } = terminal(world, { out: screen, env: { TWINLOOP_URL: 'http://twinloop.test', ...env } })
    return type('status').then(() => out)
  }
  expect((await terminal(world).type('status')).out).toBe(table)
  expect(await tty({ NO_COLOR: '1' })).toBe(table)
  expect(await tty({ TERM: 'dumb' })).toBe(table)
  const colourful = await tty({})
  expect(colourful).toContain('\u001b[31m   0\u001b[39m')
  expect(
    colourful.replaceAll('\u001b[31m', '').replaceAll('\u001b[33m', '').replaceAll('\u001b[39m', ''),
  ).toBe(table)
})

test('no seat: 75 at once; with --wait the seat that comes back', async () => {
  const world = createWorld()
  const [held] = await exhaust(world, 'analysis')
  const { type, network, time } = terminal(world)
  const denied = await type('borrow', 'analysis')
  expect(denied).toMatchObject({ code: 75, out: '' })
  expect(denied.err).toMatch(/^twinloop: Every seat of analysis is borrowed.*\n {2}Try: --wait\n$/)
  expect(await type('borrow', 'analysis', '--wait', '3')).toMatchObject({ code: 75 })
  expect(time.waits.reduce((sum, ms) => sum + ms, 0)).toBe(3000)
  network.faults.push(
    send => send(),
    async send => {
      await ok(world.send('POST', '/licenses/return', { id: held.id }))
      return send()
    },
  )
  expect(await type('borrow', 'analysis', '--wait')).toMatchObject({ code: 0 })
})

test('an unknown tool or id fails with 1 and the request id', async () => {
  const { type } = terminal(createWorld())
  expect(await type('borrow', 'nothing')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/no tool called "nothing".*\n {2}Try: twinloop status\n$/),
  })
  expect(await type('return', 'nothing')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^twinloop: Borrow record not found \(request \S+\)\n$/),
  })
  expect(await type('renew', 'nothing')).toMatchObject({ code: 1 })
})

test('no server: 69, after a few attempts', async () => {
  const { type, network } = terminal(createWorld())
  network.faults.push(...Array.from({ length: 5 }, () => requestLost))
  expect(await type('status')).toEqual({
    code: 69,
    out: '',
    err: 'twinloop: No answer from http://twinloop.test (asked 5 times). no connection\n  Try: --url, or TWINLOOP_URL\n',
  })
  network.faults.push(...Array.from({ length: 5 }, () => answered(503)))
  expect(await type('status')).toMatchObject({ code: 69 })
})

/** Nobody asks it anything. */
const idle = { clock: fakeClock() } as World

test.each([
  { argv: [], says: 'a command is needed' },
  { argv: ['lend'], says: 'there is no command lend' },
  { argv: ['borrow'], says: 'borrow: TOOL is needed' },
  { argv: ['return'], says: 'return: ID is needed' },
  { argv: ['borrow', 'a', 'b'], says: 'b: unexpected argument' },
  { argv: ['watch', 'a'], says: 'a: unexpected argument' },
  { argv: ['borrow', 'a', '--'], says: 'a command is needed after --' },
  { argv: ['status', '--', 'ls'], says: 'status takes no command after --' },
  { argv: ['status', '--user', 'bob'], says: 'status has no --user' },
  { argv: ['status', '--colour'], says: "Unknown option '--colour'" },
  { argv: ['borrow', 'a', '--wait=soon'], says: '--wait: is a number of seconds, at most 86400' },
  { argv: ['borrow', 'a', '--wait='], says: '--wait: is a number of seconds, at most 86400' },
  { argv: ['borrow', 'a', '--on-lost', 'cry'], says: '--on-lost: is stop or continue' },
  { argv: ['status', '--url', 'localhost:8000'], says: 'localhost:8000 is no http address' },
  { argv: ['constructor'], says: 'there is no command constructor' },
])('usage $argv: 64, nothing is asked', async ({ argv, says }) => {
  const { type, network } = terminal(idle, {})
  expect(await type(...argv)).toEqual({
    code: 64,
    out: '',
    err: `twinloop: ${says}\n  Try: twinloop --help\n`,
  })
  expect(network.asked).toEqual([])
})

test('each command tells its help, and all of them are named in the first one', async () => {
  const { type } = terminal(idle)
  const { out, code } = await type('--help')
  expect(code).toBe(0)
  const names = Array.from(out.matchAll(/^ {2}(\w+) +\w/gm), ([, name = '']) => name)
  expect(names).toEqual(['borrow', 'status', 'return', 'renew', 'watch'])
  for (const name of names) expect((await type(name, '--help')).out).toContain(`Usage: twinloop ${name}`)
  expect(await type('--version')).toEqual({ code: 0, out: '1.2.3\n', err: '' })
})

test('who is logged in under no name has to say who borrows', async () => {
  const { type } = terminal(idle, { loginName: () => null })
  expect(await type('borrow', 'cad_tool')).toMatchObject({ code: 64 })
})

test('watch prints a line for each change, and ends with the signal', async () => {
  const pool = { tool: 'cad\u001b', borrowed: 1, total: 5, free: 4, overage: 0 }
  const frames = [pool, pool, { ...pool, borrowed: 2, free: 3 }].map((now, at) =>
    JSON.stringify({ pools: [now], borrows: [], open_borrows: now.borrowed, at: `t${at}` }),
  )
  const body = frames.map(data => `event: pools\ndata: ${data}\n\n`).join('')
  const { type, network, signal, text } = terminal(idle)
  network.faults.push(answered(200, {}, body), async () => {
    signal('SIGINT')
    return new Response('')
  })
  const { code } = await type('watch')
  expect(code).toBe(130)
  expect(text.out).toBe('t0 cad? held=1/5 free=4 overage=0\nt2 cad? held=2/5 free=3 overage=0\n')
  expect(text.err).toBe('twinloop: the connection is lost; trying again\n')
})
