import { expect, test } from 'vitest'
import { decideConfig } from '../../src/config/config.ts'
import { flags, readEnvironment } from '../../src/config/env.ts'
import { helpText } from '../../src/config/help-text.ts'
import { StartFailure } from '../../src/shared/errors.ts'

const build = { version: '0.1.0', commit: 'abc', committedAt: 1_700_000_000_000 }
const decide = (env: Record<string, string>, args: string[] = []) =>
  decideConfig(readEnvironment(args, env), build)

/** The problems that a start is refused with. */
function problems(env: Record<string, string>, args: string[] = []): string[] {
  try {
    decide(env, args)
  } catch (error) {
    expect(error).toBeInstanceOf(StartFailure)
    expect((error as StartFailure).exitCode).toBe(78)
    return [...(error as StartFailure).message.matchAll(/^ {2}- (.*)$/gm)].map(([, problem = '']) => problem)
  }
  return []
}

test('without any variable the defaults hold, and a presenter token is made', () => {
  const config = decide({})
  expect(config).toEqual({
    port: 8000,
    host: '0.0.0.0',
    dbPath: 'licenses.db',
    seed: true,
    cacheMb: 32,
    presenterToken: expect.stringMatching(/^[\w-]{22}$/),
    presenterTokenMade: true,
    rateLimitPerSecond: 20,
    trustedProxies: 0,
    logLevel: 'info',
    logFile: null,
    loki: null,
    alertWebhook: { token: null, tokenFile: null },
    faultsPossible: true,
    fleet: {
      dbPath: 'fleet.db',
      key: { file: 'fleet.db.key' },
      keepMs: 24 * 3600_000,
      maxBytes: 1000 * 1024 * 1024,
      broker: { kind: 'embedded', port: 1883, orAnyPort: true },
      simulated: null,
    },
    estate: {
      dbPath: 'estate.db',
      lake: { kind: 'directory', folder: 'lake' },
      lakeKeepMs: 8 * 24 * 3600_000,
      rawKeepMs: 24 * 3600_000,
      stages: ['generator', 'ingest', 'transform', 'analytics'],
      simulated: { servers: 0, intervalSeconds: 30, historyDays: 7, seed: 1, faultsPerDay: 144 },
      host: true,
      alone: { name: null, port: null },
    },
    metricsPort: null,
    publicUrl: null,
    wifi: null,
    stack: {
      prometheus: 'http://127.0.0.1:9090',
      alertmanager: 'http://127.0.0.1:9093',
      loki: 'http://127.0.0.1:3100',
      grafana: 'http://127.0.0.1:3000',
    },
    version: '0.1.0',
    commit: 'abc',
    committedAt: 1_700_000_000_000,
    env: 'local',
  })
  expect(decide({}).presenterToken).not.toBe(config.presenterToken)
})

test('every variable is read', () => {
  const env = {
    PORT: '1',
    HOST: '::1',
    LICENSE_DB_PATH: '/d/l.db',
    LICENSE_DB_SEED: 'false',
    SQLITE_CACHE_MB: '8',
    PRESENTER_TOKEN: 'longenough',
    RATE_LIMIT: '0',
    TRUST_PROXY: '2',
    LOG_LEVEL: 'silent',
    LOG_FILE: 'l.log',
    LOG_FILE_MAX_MB: '2',
    LOG_FILE_KEEP: '9',
    LOKI_URL: 'https://logs.example/loki/api/v1/push',
    LOKI_USER: '123',
    LOKI_PASSWORD: 'pass',
    ALERT_WEBHOOK_TOKEN_FILE: '/run/t',
    FAULTS: 'off',
    FLEET_VEHICLES: '100',
    FLEET_SPEED: '10',
    FLEET_SEED: '7',
    FLEET_DB_PATH: '/e/f.db',
    FLEET_KEY: 'fleet-secret',
    FLEET_KEEP_HOURS: '48',
    FLEET_DB_MAX_MB: '50',
    MQTT_URL: 'mqtt://broker.example:1883',
    MQTT_USER: 'server',
    MQTT_PASSWORD: 'pass',
    ESTATE_SERVERS: '1000',
    ESTATE_INTERVAL: '10',
    ESTATE_HISTORY_DAYS: '3',
    ESTATE_SEED: '5',
    ESTATE_FAULTS_PER_DAY: '48',
    ESTATE_HOST: 'off',
    ESTATE_STAGES: 'ingest,transform',
    ESTATE_STAGE_NAME: '2',
    ESTATE_STAGE_PORT: '8002',
    ESTATE_DB_PATH: '/e/e.db',
    ESTATE_RAW_KEEP_HOURS: '12',
    LAKE_URL: 's3://samples/of/mine/',
    LAKE_KEEP_DAYS: '30',
    AWS_ENDPOINT_URL_S3: 'http://s3:9000',
    AWS_REGION: 'here',
    AWS_ACCESS_KEY_ID: 'me',
    AWS_SECRET_ACCESS_KEY: 'secret',
    METRICS_PORT: '9091',
    PUBLIC_URL: 'https://x.example/',
    WIFI_SSID: 'stage',
    WIFI_PASSWORD: 'open sesame',
    PROMETHEUS_URL: 'http://p:1',
    ALERTMANAGER_URL: 'http://a:2',
    LOKI_READ_URL: 'http://l:3',
    GRAFANA_URL: 'https://g.example/stage',
    APP_VERSION: '2.0.0-rc.1+b',
    APP_COMMIT: 'f00',
    APP_ENV: 'stage',
  }
  expect(decide(env)).toEqual({
    port: 1,
    host: '::1',
    dbPath: '/d/l.db',
    seed: false,
    cacheMb: 8,
    presenterToken: 'longenough',
    presenterTokenMade: false,
    rateLimitPerSecond: 0,
    trustedProxies: 2,
    logLevel: 'silent',
    logFile: { path: 'l.log', maxBytes: 2 * 1024 * 1024, keep: 9 },
    loki: { url: 'https://logs.example', user: '123', password: 'pass' },
    alertWebhook: { token: null, tokenFile: '/run/t' },
    faultsPossible: false,
    fleet: {
      dbPath: '/e/f.db',
      key: { text: 'fleet-secret' },
      keepMs: 48 * 3600_000,
      maxBytes: 50 * 1024 * 1024,
      broker: { kind: 'remote', url: 'mqtt://broker.example:1883', user: 'server', password: 'pass' },
      simulated: { vehicles: 100, speed: 10, seed: 7 },
    },
    estate: {
      dbPath: '/e/e.db',
      lake: {
        kind: 's3',
        bucket: 'samples',
        prefix: 'of/mine',
        endpoint: 'http://s3:9000',
        region: 'here',
        accessKey: 'me',
        secretKey: 'secret',
      },
      lakeKeepMs: 30 * 24 * 3600_000,
      rawKeepMs: 12 * 3600_000,
      stages: ['ingest', 'transform'],
      simulated: { servers: 1000, intervalSeconds: 10, historyDays: 3, seed: 5, faultsPerDay: 48 },
      host: false,
      alone: { name: '2', port: 8002 },
    },
    metricsPort: 9091,
    publicUrl: 'https://x.example/',
    wifi: { ssid: 'stage', password: 'open sesame' },
    stack: {
      prometheus: 'http://p:1',
      alertmanager: 'http://a:2',
      loki: 'http://l:3',
      grafana: 'https://g.example/stage',
    },
    version: '2.0.0-rc.1+b',
    commit: 'f00',
    committedAt: null,
    env: 'stage',
  })
})

test('the files of the fleet are beside the database, and a port that was asked for is the one', () => {
  const { fleet } = decide({ LICENSE_DB_PATH: '/data/licenses.db', MQTT_PORT: '1884' })
  expect(fleet.dbPath).toBe('/data/fleet.db')
  expect(fleet.key).toEqual({ file: '/data/fleet.db.key' })
  expect(fleet.broker).toEqual({ kind: 'embedded', port: 1884, orAnyPort: false })
})

test.each([
  ['samples', 'samples'],
  ['/var/lake', '/var/lake'],
  ['file:///var/lake', '/var/lake'],
])('LAKE_URL=%s is the folder %s', (LAKE_URL, folder) => {
  expect(decide({ LAKE_URL }).estate.lake).toEqual({ kind: 'directory', folder })
})

test('the lake and the database of the estate are beside the licenses', () => {
  const { estate } = decide({ LICENSE_DB_PATH: '/data/licenses.db' })
  expect(estate).toMatchObject({
    dbPath: '/data/estate.db',
    lake: { kind: 'directory', folder: '/data/lake' },
  })
})

test.each<[string, Record<string, string>, string]>([
  ['a port and another broker', { MQTT_PORT: '1883', MQTT_URL: 'mqtt://b' }, 'MQTT_PORT'],
  ['a key and a file with it', { FLEET_KEY: 'longenough', FLEET_KEY_FILE: 'k' }, 'FLEET_KEY_FILE'],
  ['a password without a user', { MQTT_URL: 'mqtt://b', MQTT_PASSWORD: 'p' }, 'MQTT_PASSWORD'],
  ['one file for two databases', { FLEET_DB_PATH: './licenses.db' }, 'FLEET_DB_PATH'],
  ['one file for the fleet and the estate', { ESTATE_DB_PATH: 'fleet.db' }, 'ESTATE_DB_PATH'],
  ['a stage that does not exist', { ESTATE_STAGES: 'ingest,load' }, 'ESTATE_STAGES'],
  ['a lake of another kind', { LAKE_URL: 'gs://u:p@bucket' }, 'LAKE_URL'],
  [
    'a bucket without a name',
    { LAKE_URL: 's3://', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
    'LAKE_URL',
  ],
  ['a bucket without a user', { LAKE_URL: 's3://lake', AWS_SECRET_ACCESS_KEY: 'x' }, 'AWS_ACCESS_KEY_ID'],
  ['too many servers', { ESTATE_SERVERS: '5001' }, 'ESTATE_SERVERS'],
  ['an address of the web', { MQTT_URL: 'http://b' }, 'MQTT_URL'],
  ['a password in the address', { MQTT_URL: 'mqtt://u:p@b' }, 'MQTT_URL'],
  ['too many vehicles', { FLEET_VEHICLES: '20001' }, 'FLEET_VEHICLES'],
  ['a speed of nothing', { FLEET_SPEED: '0' }, 'FLEET_SPEED'],
  ['a short key', { FLEET_KEY: 'short' }, 'FLEET_KEY'],
  ['a password without a network', { WIFI_PASSWORD: 'open sesame' }, 'WIFI_PASSWORD'],
  ['a short password of a network', { WIFI_SSID: 'stage', WIFI_PASSWORD: 'short' }, 'WIFI_PASSWORD'],
  ['a user in the address of a part', { GRAFANA_URL: 'http://u:p@g' }, 'GRAFANA_URL'],
])('%s is refused', (_what, env, variable) => {
  const all = problems(env)
  expect(all).toHaveLength(1)
  expect(all[0]).toMatch(new RegExp(`^${variable}: `))
  expect(all.join()).not.toMatch(/u:p|short/)
})

test('an empty variable counts as not set', () => {
  const empty = Object.fromEntries(
    [
      'PORT',
      'HOST',
      'LICENSE_DB_PATH',
      'LICENSE_DB_SEED',
      'PRESENTER_TOKEN',
      'LOG_FILE',
      'METRICS_PORT',
      'PUBLIC_URL',
      'APP_VERSION',
    ].map(name => [name, '']),
  )
  expect({ ...decide(empty), presenterToken: '' }).toEqual({ ...decide({}), presenterToken: '' })
})

test.each(['true', 'TRUE', '1', 'yes', 'on'])('LICENSE_DB_SEED=%s seeds', text => {
  expect(decide({ LICENSE_DB_SEED: text }).seed).toBe(true)
})

test.each(['false', 'False', '0', 'no', 'off'])('LICENSE_DB_SEED=%s does not', text => {
  expect(decide({ LICENSE_DB_SEED: text }).seed).toBe(false)
})

const bad: [string, string[]][] = [
  ['PORT', ['abc', '-1', '65536', '8000.5', '0x10', '1e3', ' 80', '٣']],
  ['LICENSE_DB_SEED', ['maybe', '2', 'null']],
  ['SQLITE_CACHE_MB', ['0', '1025', '8MB']],
  ['PRESENTER_TOKEN', ['short', 'with space in it', 'x'.repeat(201), 'tökenlong']],
  ['RATE_LIMIT', ['-1', 'many', '1000001']],
  ['TRUST_PROXY', ['11', 'true', '-1']],
  ['LOG_LEVEL', ['loud', 'INFO', '30']],
  ['METRICS_PORT', ['70000', 'x']],
  ['LOG_FILE_MAX_MB', ['0', '10001', '1.5']],
  ['LOG_FILE_KEEP', ['0', '101', 'all']],
  ['LOKI_URL', ['ftp://x', 'logs.example', 'http://']],
  ['ALERT_WEBHOOK_TOKEN', ['short', 'with space in it']],
  ['FAULTS', ['true', 'ON', 'maybe']],
  ['PUBLIC_URL', ['ftp://x', 'example.org', 'javascript:alert(1)', 'http://']],
  ['APP_VERSION', ['a b', '"', 'x'.repeat(65)]],
  ['APP_COMMIT', ['!', 'a\nb']],
  ['APP_ENV', ['?', '{job="x"}']],
]
test.each(bad)('%s refuses what it cannot mean: %j', (name, texts) => {
  for (const text of texts) {
    const found = problems({ [name]: text })
    expect(found, text).toEqual([expect.stringMatching(new RegExp(`^${name}: must be `))])
  }
})

test('every problem is listed at once, of variables and of flags', () => {
  const env = Object.fromEntries(bad.map(([name, [text = '']]) => [name, text]))
  const found = problems(env, ['stray', '--bogus', '--db'])
  for (const [name] of bad) expect(found.filter(problem => problem.startsWith(`${name}: `))).toHaveLength(1)
  for (const flag of ['stray', '--bogus', '--db'])
    expect(found.filter(problem => problem.startsWith(`${flag}: `))).toHaveLength(1)
  expect(found).toHaveLength(bad.length + 3)
})

test('a secret is not echoed, other values are, cut', () => {
  const secret = 'my secret with spaces'
  expect(problems({ PRESENTER_TOKEN: secret }).join()).not.toContain('my secret')
  const [problem = ''] = problems({ PORT: 'x'.repeat(5000) })
  expect(problem.length).toBeLessThan(200)
})

test('an address of Loki with a password in it is refused, and not echoed', () => {
  const found = problems({ LOKI_URL: 'https://123:hunter2@logs.example' })
  expect(found).toEqual(['LOKI_URL: must not contain a user or password: use LOKI_USER and LOKI_PASSWORD'])
})

test('variables that need or exclude one another are told', () => {
  expect(problems({ LOKI_PASSWORD: 'hunter2' })).toEqual(['LOKI_PASSWORD: needs LOKI_USER too'])
  const both = { ALERT_WEBHOOK_TOKEN: 'hunter2-hunter2', ALERT_WEBHOOK_TOKEN_FILE: '/run/token' }
  expect(problems(both)).toEqual([
    'ALERT_WEBHOOK_TOKEN_FILE: must not be set together with ALERT_WEBHOOK_TOKEN',
  ])
})

test.each([
  ['https://logs.example', 'https://logs.example'],
  ['https://logs.example/', 'https://logs.example'],
  ['https://logs.example/loki/api/v1/push', 'https://logs.example'],
  ['https://logs.example/tenants/a/loki/api/v1/push/', 'https://logs.example/tenants/a'],
])('LOKI_URL=%s is %s: the push path may be there', (given, url) => {
  expect(decide({ LOKI_URL: given }).loki?.url).toBe(url)
})

test('an argument that was meant as a secret is not echoed', () => {
  expect(problems({}, ['--token', 'hunter2-hunter2']).join()).not.toContain('hunter2')
  expect(problems({}, ['--token=hunter2-hunter2']).join()).not.toContain('hunter2')
})

test('a value with line breaks does not break the list', () => {
  const [problem = '', ...others] = problems({ PORT: '1\n  - FORGED: line' })
  expect(others).toEqual([])
  expect(problem).toMatch(/^PORT: /)
})

test('METRICS_PORT must not be PORT, both may be 0', () => {
  expect(problems({ PORT: '9000', METRICS_PORT: '9000' })).toEqual(['METRICS_PORT: must differ from PORT'])
  expect(problems({ PORT: '0', METRICS_PORT: '0' })).toEqual([])
})

const flagWins: [string[], Record<string, string>, object][] = [
  [['--port', '81'], { PORT: '80' }, { port: 81 }],
  [['--port=81'], { PORT: 'nonsense' }, { port: 81 }],
  [['--host', '::1'], { HOST: '1.2.3.4' }, { host: '::1' }],
  [['--db', 'a.db'], { LICENSE_DB_PATH: 'b.db' }, { dbPath: 'a.db' }],
  [['--no-seed'], { LICENSE_DB_SEED: 'true' }, { seed: false }],
  [['--log-level', 'warn'], { LOG_LEVEL: 'trace' }, { logLevel: 'warn' }],
  [
    ['--log-file', 'a.log'],
    { LOG_FILE: 'b.log' },
    { logFile: { path: 'a.log', maxBytes: 256 * 1024 * 1024, keep: 3 } },
  ],
  [['--port', '81', '--port', '82'], {}, { port: 82 }],
]
test.each(flagWins)('%j wins over its variable', (args, env, wanted) => {
  expect(decide(env, args)).toMatchObject(wanted)
})

test.each([['--port'], ['--port='], ['--db', ''], ['--host']])(
  'a flag without its value is a problem: %j',
  (...args) => {
    expect(problems({}, args)).toEqual([`${args[0]?.replace('=', '')}: needs a value`])
  },
)

test('the environment is not changed by flags', () => {
  const env = { PORT: '80' }
  readEnvironment(['--port', '81'], env)
  expect(env).toEqual({ PORT: '80' })
})

test('help names every variable with its default, and every flag', () => {
  const help = helpText()
  for (const [name] of bad) expect(help).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'))
  for (const name of ['HOST', 'LICENSE_DB_PATH', 'LOG_FILE']) expect(help).toContain(name)
  for (const name of [...Object.keys(flags), 'help', 'version']) expect(help).toContain(`--${name}`)
  for (const preset of ['[8000]', '[licenses.db]', '[20]', '[info]']) expect(help).toContain(preset)
})
