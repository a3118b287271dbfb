import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { answerLost, requestLost } from '../client/virtual.ts'
import { waitFor } from '../support/wait-for.ts'
import { configure, exhaust, ok, statusOf } from '../support/wire.ts'
import { createWorld, temporaryFolder } from '../support/world.ts'
import { node, terminal } from './terminal.ts'

const PATIENCE_MS = 20_000
/** A command that says by a file that it runs, and waits. */
const waiting = (file: string, more = '') =>
  node(`${more}; require('fs').writeFileSync(${JSON.stringify(file)}, ''); setTimeout(() => {}, 60_000)`)

test('the seat is held while the command runs, which knows of it, and its exit code comes out', async () => {
  const world = createWorld()
  const { type } = terminal(world)
  const file = join(temporaryFolder(), 'seen')
  const script = `
    const { TWINLOOP_BORROW_ID: id, TWINLOOP_TOOL: tool, TWINLOOP_EXPIRES_AT: end } = process.env
    require('fs').writeFileSync(${JSON.stringify(file)}, JSON.stringify({ id, tool, end, args: process.argv.slice(1) }))
    process.exitCode = 7`
  const running = type('borrow', 'cad_tool', ...node(script), 'a b', '--wait')
  await waitFor(() => existsSync(file), PATIENCE_MS)
  expect(await running).toEqual({ code: 7, out: '', err: '' })
  const [borrowed] = world.lines().filter(({ event }) => event === 'borrow_license')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    id: borrowed?.borrow_id,
    tool: 'cad_tool',
    end: '2026-03-02T12:00:00.000Z',
    args: ['a b', '--wait'],
  })
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
})

test('a command that is not there: 127; one that cannot be executed: 126; the seat is back', async () => {
  const world = createWorld()
  const { type } = terminal(world)
  expect(await type('borrow', 'cad_tool', '--', '/no/such/command')).toEqual({
    code: 127,
    out: '',
    err: 'twinloop: /no/such/command: command not found\n',
  })
  const file = join(temporaryFolder(), 'text')
  writeFileSync(file, 'only text', { mode: 0o600 })
  expect(await type('borrow', 'cad_tool', '--', file)).toMatchObject({ code: 126 })
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
  expect(world.lines().filter(({ event }) => event === 'return_license').length).toBe(2)
})

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
] as const)('%s is passed on; a command that it ends makes the exit code %i', async (signal, code) => {
  const world = createWorld()
  const { type, signal: send, handlers } = terminal(world)
  const file = join(temporaryFolder(), 'runs')
  const running = type('borrow', 'cad_tool', ...waiting(file))
  await waitFor(() => existsSync(file), PATIENCE_MS)
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
  send(signal)
  expect(await running).toMatchObject({ code })
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
  expect(handlers.size).toBe(0)
})

test('a command that makes its own of a signal keeps its exit code', async () => {
  const { type, signal } = terminal(createWorld())
  const file = join(temporaryFolder(), 'runs')
  const running = type('borrow', 'cad_tool', ...waiting(file, "process.on('SIGTERM', () => process.exit(3))"))
  await waitFor(() => existsSync(file), PATIENCE_MS)
  signal('SIGTERM')
  expect(await running).toMatchObject({ code: 3 })
})

test('on a terminal, which sends Ctrl-C to the command by itself, it is not sent twice', async () => {
  const { type, signal } = terminal(createWorld(), { hasTerminal: true })
  const file = join(temporaryFolder(), 'runs')
  const running = type('borrow', 'cad_tool', ...waiting(file))
  await waitFor(() => existsSync(file), PATIENCE_MS)
  signal('SIGINT')
  signal('SIGTERM')
  expect(await running).toMatchObject({ code: 143 })
})

test.each([
  ['stop', 143, 'the command is stopped'],
  ['continue', 5, 'the command goes on without it'],
])('a lost seat is told; --on-lost %s', async (onLost, code, says) => {
  const world = createWorld()
  await configure(world, { lease_ttl_seconds: 300 })
  const { type, time, text } = terminal(world)
  const folder = temporaryFolder()
  const [runs, end] = [join(folder, 'runs'), join(folder, 'end')]
  const script = `require('fs').writeFileSync(${JSON.stringify(runs)}, '')
    setInterval(() => require('fs').existsSync(${JSON.stringify(end)}) && process.exit(5), 20)`
  const running = type('borrow', 'cad_tool', '--on-lost', onLost, ...node(script))
  await waitFor(() => existsSync(runs), PATIENCE_MS)
  const [borrowed] = world.lines().filter(({ event }) => event === 'borrow_license')
  await ok(world.present('POST', '/licenses/revoke', { id: borrowed?.borrow_id }))
  await time.pass(200_000)
  expect(text.err).toBe(`twinloop: The seat of cad_tool is lost (revoked); ${says}\n`)
  if (onLost === 'continue') writeFileSync(end, '')
  expect(await running).toMatchObject({ code })
})

test('lost answers take no second seat, and a return that fails is told and changes no exit code', async () => {
  const world = createWorld()
  const { type, network } = terminal(world)
  network.faults.push(answerLost, send => send(), answerLost)
  expect(await type('borrow', 'cad_tool', ...node(''))).toMatchObject({ code: 0, err: '' })
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
  network.faults.push(send => send(), ...Array.from({ length: 5 }, () => requestLost))
  const { code, err } = await type('borrow', 'cad_tool', ...node('process.exitCode = 4'))
  expect(code).toBe(4)
  expect(err).toContain('the seat could not be given back (it ends 2026-')
})

test('no seat: the command is not started; a signal ends the wait', async () => {
  const world = createWorld()
  await exhaust(world, 'analysis')
  const { type, network, signal } = terminal(world)
  const file = join(temporaryFolder(), 'runs')
  expect(await type('borrow', 'analysis', ...waiting(file))).toMatchObject({ code: 75 })
  network.faults.push(
    send => send(),
    async send => {
      signal('SIGINT')
      return send()
    },
  )
  expect(await type('borrow', 'analysis', '--wait', '60', ...waiting(file))).toMatchObject({ code: 130 })
  expect(existsSync(file)).toBe(false)
})
