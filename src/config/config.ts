import { dirname, join, resolve } from 'node:path'
import type { z } from 'zod'
import { StartFailure } from '../shared/errors.ts'
import { newSecret } from '../shared/id.ts'
import type { BuildInfo } from './build-info.ts'
import type { Environment } from './env.ts'
import { decideEstate, type EstateConfig, type EstateValues } from './estate-config.ts'
import { estateVariables } from './estate-variables.ts'
import { variables } from './variables.ts'

const EX_CONFIG = 78
const MEGABYTE = 1024 * 1024
/** People paste the whole push address; the path is added again. */
const PUSH_PATH = /\/(loki\/api\/v1\/push\/?)?$/
const MQTT_PORT = 1883
const HOUR_MS = 3600_000

export type BrokerConfig =
  | { kind: 'embedded'; port: number; orAnyPort: boolean }
  | { kind: 'remote'; url: string; user: string | null; password: string | null }

export interface Config {
  port: number
  host: string
  dbPath: string
  seed: boolean
  /** Of each connection to a database. */
  cacheMb: number
  presenterToken: string
  /** Whether the token was made here and is not in the environment. */
  presenterTokenMade: boolean
  rateLimitPerSecond: number
  trustedProxies: number
  logLevel: string
  /** null: no file. */
  logFile: { path: string; maxBytes: number; keep: number } | null
  loki: { url: string; user: string | null; password: string | null } | null
  alertWebhook: { token: string | null; tokenFile: string | null }
  faultsPossible: boolean
  fleet: {
    dbPath: string
    /** The secret itself, or the file that has it. */
    key: { text: string } | { file: string }
    keepMs: number
    maxBytes: number
    broker: BrokerConfig
    /** null: none run inside this process. */
    simulated: { vehicles: number; speed: number; seed: number } | null
  }
  estate: EstateConfig
  metricsPort: number | null
  publicUrl: string | null
  /** The network for phones; null: not told. */
  wifi: { ssid: string; password: string | null } | null
  /** Where the parts of the stack are looked for. */
  stack: { prometheus: string; alertmanager: string; loki: string; grafana: string }
  version: string
  commit: string
  /** When the commit was made, Unix ms; null: not known. */
  committedAt: number | null
  env: string
}

/**
 * Decides the configuration. An empty variable counts as not set.
 * @param build what was built
 * @throws StartFailure (exit code 78) that lists every problem
 */
export function decideConfig(environment: Environment, build: BuildInfo): Config {
  const problems = [...environment.problems]
  function read<N extends keyof typeof variables>(name: N): z.output<(typeof variables)[N]['schema']> | null {
    const { schema, fallback } = variables[name]
    const text = environment.values[name] || fallback
    if (text === undefined) return null
    const parsed = schema.safeParse(text)
    if (parsed.success) return parsed.data as z.output<(typeof variables)[N]['schema']>
    const shown =
      'secret' in variables[name] ? '' : ` (it is "${text.slice(0, 60).replaceAll(/\p{Cc}+/gu, ' ')}")`
    problems.push(`${name}: ${parsed.error.issues[0]?.message ?? 'is not valid'}${shown}`)
    return null
  }
  const presenterToken = read('PRESENTER_TOKEN')
  const logFile = read('LOG_FILE')
  const logFileSize = {
    maxBytes: (read('LOG_FILE_MAX_MB') ?? 0) * MEGABYTE,
    keep: read('LOG_FILE_KEEP') ?? 0,
  }
  const lokiUrl = read('LOKI_URL')
  const lokiAccount = { user: read('LOKI_USER'), password: read('LOKI_PASSWORD') }
  const dbPath = read('LICENSE_DB_PATH') ?? ''
  const fleetDbPath = read('FLEET_DB_PATH') ?? join(dirname(dbPath), 'fleet.db')
  const fleetKey = read('FLEET_KEY')
  const fleetKeyFile = read('FLEET_KEY_FILE')
  const vehicles = read('FLEET_VEHICLES') ?? 0
  const simulated = { vehicles, speed: read('FLEET_SPEED') ?? 1, seed: read('FLEET_SEED') ?? 1 }
  const mqttPort = read('MQTT_PORT')
  const mqttUrl = read('MQTT_URL')
  const mqttAccount = { user: read('MQTT_USER'), password: read('MQTT_PASSWORD') }
  const estateValues = Object.fromEntries(
    (Object.keys(estateVariables) as (keyof typeof estateVariables)[]).map(name => [name, read(name)]),
  )
  const commit = read('APP_COMMIT')
  const ssid = read('WIFI_SSID')
  const wifiPassword = read('WIFI_PASSWORD')
  const config: Config = {
    port: read('PORT') ?? 0,
    host: read('HOST') ?? '',
    dbPath,
    seed: read('LICENSE_DB_SEED') ?? false,
    cacheMb: read('SQLITE_CACHE_MB') ?? 0,
    presenterToken: presenterToken ?? newSecret(),
    presenterTokenMade: presenterToken === null,
    rateLimitPerSecond: read('RATE_LIMIT') ?? 0,
    trustedProxies: read('TRUST_PROXY') ?? 0,
    logLevel: read('LOG_LEVEL') ?? '',
    logFile: logFile === null ? null : { path: logFile, ...logFileSize },
    loki: lokiUrl === null ? null : { url: lokiUrl.replace(PUSH_PATH, ''), ...lokiAccount },
    alertWebhook: { token: read('ALERT_WEBHOOK_TOKEN'), tokenFile: read('ALERT_WEBHOOK_TOKEN_FILE') },
    faultsPossible: read('FAULTS') === 'on',
    fleet: {
      dbPath: fleetDbPath,
      key: fleetKey === null ? { file: fleetKeyFile ?? `${fleetDbPath}.key` } : { text: fleetKey },
      keepMs: (read('FLEET_KEEP_HOURS') ?? 0) * HOUR_MS,
      maxBytes: (read('FLEET_DB_MAX_MB') ?? 0) * MEGABYTE,
      broker:
        mqttUrl === null
          ? { kind: 'embedded', port: mqttPort ?? MQTT_PORT, orAnyPort: mqttPort === null }
          : { kind: 'remote', url: mqttUrl, ...mqttAccount },
      simulated: vehicles > 0 ? simulated : null,
    },
    estate: decideEstate(
      estateValues as unknown as EstateValues,
      { LICENSE_DB_PATH: dbPath === ':memory:' ? '' : dbPath, FLEET_DB_PATH: fleetDbPath },
      problem => problems.push(problem),
    ),
    metricsPort: read('METRICS_PORT'),
    publicUrl: read('PUBLIC_URL'),
    wifi: ssid === null ? null : { ssid, password: wifiPassword },
    stack: {
      prometheus: read('PROMETHEUS_URL') ?? '',
      alertmanager: read('ALERTMANAGER_URL') ?? '',
      loki: read('LOKI_READ_URL') ?? '',
      grafana: read('GRAFANA_URL') ?? '',
    },
    version: read('APP_VERSION') ?? build.version,
    commit: commit ?? build.commit,
    committedAt: commit === null ? build.committedAt : null,
    env: read('APP_ENV') ?? '',
  }
  if (lokiAccount.password !== null && lokiAccount.user === null)
    problems.push('LOKI_PASSWORD: needs LOKI_USER too')
  if (config.alertWebhook.token !== null && config.alertWebhook.tokenFile !== null)
    problems.push('ALERT_WEBHOOK_TOKEN_FILE: must not be set together with ALERT_WEBHOOK_TOKEN')
  if (wifiPassword !== null && ssid === null) problems.push('WIFI_PASSWORD: needs WIFI_SSID too')
  if (fleetKey !== null && fleetKeyFile !== null)
    problems.push('FLEET_KEY_FILE: must not be set together with FLEET_KEY')
  if (mqttPort !== null && mqttUrl !== null)
    problems.push('MQTT_PORT: must not be set together with MQTT_URL')
  if (mqttAccount.password !== null && mqttAccount.user === null)
    problems.push('MQTT_PASSWORD: needs MQTT_USER too')
  if (resolve(fleetDbPath) === resolve(dbPath) && dbPath !== ':memory:')
    problems.push('FLEET_DB_PATH: must differ from LICENSE_DB_PATH')
  if (config.metricsPort !== null && config.metricsPort !== 0 && config.metricsPort === config.port)
    problems.push('METRICS_PORT: must differ from PORT')
  if (problems.length > 0)
    throw new StartFailure(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map(problem => `  - ${problem}`).join('\n')}`,
      'npm start -- --help',
      EX_CONFIG,
    )
  return config
}
