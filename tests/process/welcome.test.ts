import { expect, test } from 'vitest'
import { runProgram } from '../support/program.ts'

async function welcomed(env: Record<string, string> = {}) {
  const program = runProgram(env)
  const port = await program.port()
  await program.until(() => program.stderr().includes('Stop with'))
  return { port, text: program.stderr(), stdout: program.stdout(), program }
}

/** The value of a row of the block. */
const row = (text: string, name: string) => text.match(new RegExp(`^ {2}${name} +(\\S.*)$`, 'm'))?.[1]

test('the welcome names the addresses, the database and what is not running, on stderr', async () => {
  const { port, text, stdout } = await welcomed()
  const local = `http://localhost:${port}`
  expect(text).toMatch(/^\nTwinloop \d+\.\d+\.\d+ \(\w+\)\n/)
  expect(row(text, 'Borrow')).toBe(local)
  expect(row(text, 'Dashboard')).toBe(`${local}/dashboard`)
  expect(row(text, 'API')).toBe(`${local}/docs`)
  expect(row(text, 'Metrics')).toBe(`${local}/metrics`)
  expect(row(text, 'Databases')).toBe('licenses.db, fleet.db, estate.db')
  expect(row(text, 'Lake')).toBe('lake')
  expect(row(text, 'Estate')).toBe(`${local}/estate`)
  expect(row(text, 'Machines')).toMatch(/start with --estate 1000/)
  expect(row(text, 'Fleet')).toBe(`${local}/fleet`)
  expect(row(text, 'Vehicles')).toMatch(/^connect to mqtt:\/\/localhost:\d+; npm run fleet simulates some$/)
  const missing = ['Grafana', 'Prometheus', 'Loki'].filter(name => row(text, name) === 'not running')
  expect(row(text, 'The stack') !== undefined).toBe(missing.length > 0)
  expect(text).not.toContain('On the network')
  for (const line of stdout.split('\n').slice(0, -1)) expect(JSON.parse(line)).toHaveProperty('event')
})

test('vehicles in the server are named, and they come', async () => {
  const { text, port } = await welcomed({ FLEET_VEHICLES: '3' })
  expect(row(text, 'Vehicles')).toMatch(/^3 are simulated here; more connect to mqtt:\/\/localhost:\d+$/)
  const total = async () => {
    const summary = await (await fetch(`http://127.0.0.1:${port}/fleet/summary`)).json()
    return (summary as { total: number }).total
  }
  await expect.poll(total, { timeout: 10_000 }).toBe(3)
})

test('a token that was made at start is in a link that works', async () => {
  const { text, port, stdout } = await welcomed()
  const link = row(text, 'Presenter') ?? ''
  expect(link).toMatch(new RegExp(`^http://localhost:${port}/presenter\\?token=[\\w-]{22}$`))
  const response = await fetch(link.replace('localhost', '127.0.0.1'), { redirect: 'manual' })
  expect(response.status).toBe(303)
  expect(response.headers.getSetCookie()[0]).toMatch(/^twinloop_presenter=/)
  expect(stdout).not.toContain(link.split('token=')[1])
})

test('a token of the environment is printed nowhere', async () => {
  const token = 'secret-of-the-environment'
  const { text, port, program } = await welcomed({ PRESENTER_TOKEN: token })
  expect(row(text, 'Presenter')).toBe(`http://localhost:${port}/presenter?token=$PRESENTER_TOKEN`)
  const headers = { authorization: `Bearer ${token}` }
  expect(await (await fetch(`http://127.0.0.1:${port}/session`, { headers })).json()).toEqual({
    presenter: true,
  })
  program.child.kill('SIGTERM')
  await program.ended
  expect(program.stderr() + program.stdout()).not.toContain(token)
})

test('addresses for visitors: the network’s when all addresses are listened on, and PUBLIC_URL', async () => {
  const { text, port } = await welcomed({ HOST: '0.0.0.0', PUBLIC_URL: 'https://demo.example' })
  const lan = row(text, 'On the network')
  if (lan !== undefined) expect(lan).toMatch(new RegExp(`^http://\\d+\\.\\d+\\.\\d+\\.\\d+:${port}$`))
  expect(row(text, 'Public')).toBe('https://demo.example')
})

test('with METRICS_PORT=0 the address of the metrics is the one that was taken', async () => {
  const { text, port } = await welcomed({ METRICS_PORT: '0' })
  const address = row(text, 'Metrics') ?? ''
  expect(address).not.toContain(`:${port}/`)
  const response = await fetch(address.replace('localhost', '127.0.0.1')).catch(() => null)
  expect([address, response?.status]).toEqual([address, 200])
})
