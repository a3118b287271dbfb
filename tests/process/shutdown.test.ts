import { readdirSync, readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Database } from '../../src/db/driver.ts'
import { readEvents } from '../support/event-reader.ts'
import { assertInvariants } from '../support/ledger-invariants.ts'
import { type Program, runProgram } from '../support/program.ts'
import { cadSettings } from '../support/wire.ts'

const TOKEN = 'presenter-of-the-process'

const events = (program: Program) => program.lines().map(({ event }) => event)

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s: draining is logged, exit 0, the last line is server_stopped',
  async signal => {
    const program = runProgram()
    await program.port()
    await program.until(() => program.stderr().includes('Stop with'))
    program.child.kill(signal)
    expect(await program.ended).toEqual({ code: 0, signal: null })
    expect(events(program).slice(-2)).toEqual(['server_stopping', 'server_stopped'])
    // Who copies the files of a stopped server has all of it.
    const databases = readdirSync(program.folder).filter(name => name.includes('.db'))
    expect(databases.filter(name => /\.db$/.test(name)).sort()).toEqual([
      'estate.db',
      'fleet.db',
      'licenses.db',
    ])
    expect(databases.filter(name => /-(wal|shm)$/.test(name))).toEqual([])
  },
)

test('SIGTERM as soon as it listens is a clean stop too', async () => {
  for (const port of [3100, 9090]) {
    const silent = createServer(() => {})
      .on('error', () => {})
      .listen(port, '127.0.0.1')
    onTestFinished(() => void silent.close())
  }
  const program = runProgram()
  await program.port()
  program.child.kill('SIGTERM')
  expect(await program.ended).toEqual({ code: 0, signal: null })
  expect(events(program)).toContain('server_stopped')
})

test('SIGTERM under load: what was granted was answered, what was answered is in the ledger, exit 0', async () => {
  const program = runProgram({ PRESENTER_TOKEN: TOKEN, LOG_LEVEL: 'warn' })
  await program.until(() => program.stderr().includes('Stop with'))
  const port = Number(program.stderr().match(/localhost:(\d+)/)?.[1])
  await fetch(`http://127.0.0.1:${port}/config/budget`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({ ...cadSettings, total: 1_000_000, commit: 500, max_overage: 900_000 }),
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 40 })
  const granted: string[] = []
  const others: string[] = []
  let stopping = false
  const borrowing = async () => {
    while (true) {
      const outcome = await post(agent, port)
      if (outcome.status === 200) granted.push(outcome.id)
      else {
        others.push(String(outcome.status))
        if (stopping) return
      }
    }
  }
  const clients = Array.from({ length: 40 }, borrowing)
  while (granted.length < 2000) await new Promise(resolve => setTimeout(resolve, 5))
  stopping = true
  program.child.kill('SIGTERM')
  const ended = await program.ended
  await Promise.all(clients)
  agent.destroy()
  expect(ended).toEqual({ code: 0, signal: null })
  const database = new Database(join(program.folder, 'licenses.db'), { readonly: true })
  const stored = database.prepare('SELECT id FROM borrows').pluck().all()
  database.close()
  expect(new Set(granted).size).toBe(granted.length)
  expect(stored.length).toBe(granted.length)
  expect(new Set(stored)).toEqual(new Set(granted))
  expect(others.filter(status => status !== 'gone' && status !== '503')).toEqual([])
  assertInvariants(join(program.folder, 'licenses.db'))
})

const endedWithin = (program: Program, ms: number) =>
  Promise.race([program.ended, new Promise<string>(resolve => setTimeout(resolve, ms, 'still running'))])

/** Borrows once. `gone`: there was no answer. */
function post(agent: Agent, port: number): Promise<{ status: number | 'gone'; id: string }> {
  return new Promise(resolve => {
    const asking = request(
      { port, host: '127.0.0.1', agent, method: 'POST', path: '/licenses/borrow' },
      response => {
        let text = ''
        response.on('data', chunk => {
          text += chunk
        })
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            id: response.statusCode === 200 ? JSON.parse(text).id : '',
          }),
        )
        response.on('error', () => resolve({ status: 'gone', id: '' }))
      },
    )
    asking.on('error', () => resolve({ status: 'gone', id: '' }))
    asking.end('{"tool":"cad_tool","user":"load"}')
  })
}

/** A client that has sent the start of a request and waits. */
async function slowClient(port: number) {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  let text = ''
  socket.on('data', chunk => {
    text += chunk
  })
  socket.on('error', () => {})
  const closed = new Promise<string>(resolve => socket.on('close', () => resolve(text)))
  await new Promise(resolve => socket.once('connect', resolve))
  const body = '{"tool":"cad_tool","user":"slow"}'
  socket.write(
    `POST /licenses/borrow HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 20)}`,
  )
  await new Promise(resolve => setTimeout(resolve, 100))
  return { finish: () => socket.write(body.slice(20)), closed }
}

test('a request that has begun when SIGTERM comes is answered', async () => {
  const program = runProgram()
  const port = await program.port()
  await program.until(() => program.stderr().includes('Stop with'))
  const client = await slowClient(port)
  program.child.kill('SIGTERM')
  await program.until(() => events(program).includes('server_stopping'))
  client.finish()
  expect(await client.closed).toMatch(/^HTTP\/1\.1 200 /)
  expect(await program.ended).toEqual({ code: 0, signal: null })
})

test('a second SIGTERM ends at once', async () => {
  const program = runProgram()
  const port = await program.port()
  await program.until(() => program.stderr().includes('Stop with'))
  await slowClient(port)
  program.child.kill('SIGTERM')
  await program.until(() => events(program).includes('server_stopping'))
  const since = performance.now()
  program.child.kill('SIGTERM')
  expect(await program.ended).toEqual({ code: 1, signal: null })
  expect(performance.now() - since).toBeLessThan(1000)
})

test('open streams hear bye and hold nothing up', async () => {
  const program = runProgram()
  const port = await program.port()
  await program.until(() => program.stderr().includes('Stop with'))
  const readers = await Promise.all([readEvents(port), readEvents(port), readEvents(port)])
  for (const reader of readers) await reader.until(({ event }) => event === 'pools')
  const since = performance.now()
  program.child.kill('SIGTERM')
  for (const reader of readers)
    expect((await reader.until(({ event }) => event === 'bye')).data).toHaveProperty('retry_ms')
  expect(await program.ended).toEqual({ code: 0, signal: null })
  expect(performance.now() - since).toBeLessThan(3000)
})

test('a client that keeps its connection open and idle holds nothing up', async () => {
  const program = runProgram()
  const port = await program.port()
  await program.until(() => program.stderr().includes('Stop with'))
  const idle = connect(port, '127.0.0.1')
  onTestFinished(() => void idle.destroy())
  idle.on('error', () => {})
  idle.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
  await new Promise(resolve => idle.once('data', resolve))
  const since = performance.now()
  program.child.kill('SIGTERM')
  expect(await program.ended).toEqual({ code: 0, signal: null })
  expect(performance.now() - since).toBeLessThan(2000)
})

test('LOG_FILE gets the same lines as standard output, to the last', async () => {
  const program = runProgram({ LOG_FILE: 'logs/new/app.log' })
  const port = await program.port()
  await program.until(() => program.stderr().includes('Stop with'))
  for (let index = 0; index < 50; index++) await fetch(`http://127.0.0.1:${port}/healthz`)
  program.child.kill('SIGTERM')
  expect((await program.ended).code).toBe(0)
  const file = readFileSync(join(program.folder, 'logs/new/app.log'), 'utf8')
  expect(file).toBe(program.stdout())
  expect(events(program).filter(event => event === 'http_request')).toHaveLength(50)
  expect(events(program).at(-1)).toBe('server_stopped')
})

test('a log file on a full disk stops neither requests nor the end', async () => {
  const program = runProgram({ LOG_FILE: '/dev/full' })
  const port = await program.port()
  await program.until(() => program.stderr().includes('Stop with'))
  for (let index = 0; index < 5; index++)
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  expect(metrics).toMatch(/^log_write_failures_total\{output="file"\} [1-9]/m)
  program.child.kill('SIGTERM')
  expect(await endedWithin(program, 5000)).toEqual({ code: 0, signal: null })
})

test('a second SIGTERM ends at once also then', async () => {
  const program = runProgram({ LOG_FILE: '/dev/full' })
  await program.port()
  await program.until(() => program.stderr().includes('Stop with'))
  program.child.kill('SIGTERM')
  await program.until(() => events(program).includes('server_stopping'))
  program.child.kill('SIGTERM')
  expect(await endedWithin(program, 3000)).not.toBe('still running')
})

test('nobody reading standard output stops nothing', async () => {
  const program = runProgram()
  const port = await program.port()
  await program.until(() => program.stderr().includes('Stop with'))
  program.child.stdout?.destroy()
  for (let index = 0; index < 20; index++)
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
  program.child.kill('SIGTERM')
  expect((await program.ended).code).toBe(0)
})
