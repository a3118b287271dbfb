/** The wall around secrets: the real program with every one of them, asked and provoked, tells none. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { variables } from '../../src/config/variables.ts'
import { runProgram } from '../support/program.ts'

/** Every secret variable, with a value that is found wherever it shows. Nothing listens at these addresses. */
const given: Record<string, string> = {
  PRESENTER_TOKEN: 'SECRET-presenter-0001',
  LOKI_URL: 'http://127.0.0.1:9/SECRET-loki-url-0002',
  LOKI_PASSWORD: 'SECRET-loki-password-0003',
  ALERT_WEBHOOK_TOKEN: 'SECRET-webhook-0004',
  FLEET_KEY: 'SECRET-fleet-key-0005',
  MQTT_URL: 'mqtt://127.0.0.1:9/SECRET-mqtt-url-0006',
  MQTT_PASSWORD: 'SECRET-mqtt-password-0007',
  // Named in log lines about the lake, on purpose: it cannot hold a password (see below).
  LAKE_URL: 's3://lake-bucket/prefix',
  AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9',
  AWS_ACCESS_KEY_ID: 'SECRET-access-key-id-0009',
  AWS_SECRET_ACCESS_KEY: 'SECRET-secret-access-key-0010',
  WIFI_PASSWORD: 'SECRET-wifi-0011',
  PROMETHEUS_URL: 'http://127.0.0.1:9/SECRET-prometheus-0012',
  ALERTMANAGER_URL: 'http://127.0.0.1:9/SECRET-alertmanager-0013',
  LOKI_READ_URL: 'http://127.0.0.1:9/SECRET-loki-read-0014',
  GRAFANA_URL: 'http://127.0.0.1:9/SECRET-grafana-0015',
}
const env = { ...given, LOKI_USER: 'loki', MQTT_USER: 'twinloop', WIFI_SSID: 'stage', LOG_LEVEL: 'trace' }
const told = (text: string) => text.match(/SECRET-[\w-]*/g) ?? []

test('every secret variable is among those of this test', () => {
  const secret = Object.entries(variables).filter(([, variable]) => 'secret' in variable && variable.secret)
  expect(Object.keys(given).sort()).toEqual(secret.map(([name]) => name).sort())
})

test('no answer, log line, metric, stream or page tells a secret, right or wrong, wherever it was sent', async () => {
  // The program of the tests has a port for its own broker, so it is given none elsewhere.
  const here = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('MQTT_')))
  const program = runProgram(here)
  const origin = `http://127.0.0.1:${await program.port(30_000)}`
  const answers: string[] = []
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(origin + path, { redirect: 'manual', ...init })
    answers.push(`${path.split('?')[0]} ${JSON.stringify([...response.headers])} ${await response.text()}`)
    return response.status
  }
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })

  for (const token of [...Object.values(given), 'SECRET-guess-0099']) {
    const authorization = `Bearer ${token}`
    const cookie = `twinloop_presenter=${encodeURIComponent(token)}; __Host-twinloop_presenter=${encodeURIComponent(token)}`
    await ask(`/config?token=${encodeURIComponent(token)}`)
    await post('/session', { token })
    await post('/alerts/webhook', { alerts: [] }, { authorization })
    await ask('/run-of-show', { headers: { authorization, cookie } })
    await ask('/api/vehicle/status?vehicle_id=vehicle_1', { headers: { authorization } })
    await ask('/borrows?limit=x', { headers: { traceparent: token, 'idempotency-key': token, cookie } })
    await post('/config/budget', '{', { authorization, cookie })
  }
  for (const path of [
    '/openapi.json',
    '/metrics',
    '/session',
    '/version',
    '/readyz',
    '/health',
    '/stack',
    '/join',
    '/alerts',
    '/docs',
    '/',
  ])
    await ask(path)
  await ask('/stream/snapshot?topics=pools,activity,alerts,fleet,delivery,race,stage,room')
  await ask('/stack', { headers: { authorization: `Bearer ${given.PRESENTER_TOKEN}` } })
  await post('/session', { token: { nested: given.PRESENTER_TOKEN } })
  expect(await post('/session', { token: given.PRESENTER_TOKEN })).toBe(200)
  expect(answers.length).toBeGreaterThan(100)
  await program.until(() => program.lines().some(({ event }) => event === 'log_delivery_failed'), 20_000)
  program.child.kill('SIGTERM')
  await program.ended

  // Who asks what the original's own tests ask is answered with their words: none is in a detail of a problem.
  for (const answer of answers) expect(told(answer), answer.slice(0, 300)).toEqual([])
  expect(program.lines().length).toBeGreaterThan(100)
  expect(told(program.stdout())).toEqual([])
  expect(told(program.stderr())).toEqual([])
}, 90_000)

test('a secret that is made is told to who starts the server, and to no log', async () => {
  const program = runProgram({ ALERT_WEBHOOK_TOKEN_FILE: 'webhook.token' })
  const port = await program.port(30_000)
  await program.until(() => /token=[\w-]{22}/.test(program.stderr()), 20_000)
  const token = /token=([\w-]{22})/.exec(program.stderr())?.[1] ?? ''
  const secrets = [
    token,
    ...['webhook.token', 'fleet.db.key'].map(file => readFileSync(join(program.folder, file), 'utf8').trim()),
  ]
  await fetch(`http://127.0.0.1:${port}/config?token=${token}`, { redirect: 'manual' })
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(20)
    expect(program.stdout() + metrics).not.toContain(secret)
  }
}, 60_000)

test.each([
  [['--help'], {}, 0],
  [['--version'], {}, 0],
  [['--token', 'SECRET-flag-0020'], {}, 78],
  [
    [],
    {
      PORT: 'SECRET-port',
      ...Object.fromEntries(Object.keys(given).map(name => [name, 'SECRET \u0000'.slice(0, 7)])),
    },
    78,
  ],
  [[], { PRESENTER_TOKEN: 'SECRET with spaces' }, 78],
  [[], { LOKI_URL: 'http://user:SECRET-0021@127.0.0.1' }, 78],
  [[], { MQTT_URL: 'mqtt://user:SECRET-0022@127.0.0.1' }, 78],
  [[], { LAKE_URL: 's3://SECRET-0023:SECRET@bucket' }, 78],
] as [string[], Record<string, string>, number][])(
  '%j with %j ends with its code and shows no secret: %i',
  async (args, wrong, code) => {
    const { PORT: _shown, ...secretOnes } = wrong
    const program = runProgram({ ...env, ...secretOnes }, args)
    expect((await program.ended).code).toBe(code)
    const text = program.stdout() + program.stderr()
    expect(text).toMatch(/./)
    expect(told(text)).toEqual([])
  },
  30_000,
)
