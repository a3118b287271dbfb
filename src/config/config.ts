import { z } from 'zod'
import { StartFailure } from '../shared/errors.ts'
import { newSecret } from '../shared/id.ts'
import type { Environment } from './env.ts'

const EX_CONFIG = 78
const MEGABYTE = 1024 * 1024
/** People paste the whole push address; the path is added again. */
const PUSH_PATH = /\/(loki\/api\/v1\/push\/?)?$/

const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine(value => value >= min && value <= max, `must be a whole number from ${min} to ${max}`)

const port = whole(0, 65_535)
const token = z.string().regex(/^[\x21-\x7e]{8,200}$/, 'must be 8 to 200 visible ASCII characters')

/**
 * Every variable the server knows, its default and its meaning: the help text is made from this. The value of a
 * `secret` one is never shown.
 */
const variables = {
  PORT: { schema: port, fallback: '8000', about: 'port to listen on; 0: any free one' },
  HOST: { schema: z.string().min(1), fallback: '0.0.0.0', about: 'address to listen on' },
  LICENSE_DB_PATH: { schema: z.string().min(1), fallback: 'licenses.db', about: 'the SQLite file' },
  LICENSE_DB_SEED: {
    schema: z.stringbool({ error: 'must be true or false' }),
    fallback: 'true',
    about: 'make the three demo pools in an empty database',
  },
  PRESENTER_TOKEN: {
    schema: token,
    fallback: undefined,
    secret: true,
    about: 'the secret that allows budget changes; made at start when not given',
  },
  RATE_LIMIT: {
    schema: whole(0, 1_000_000),
    fallback: '20',
    about: 'requests a second for each browser session; 0: no limits',
  },
  TRUST_PROXY: {
    schema: whole(0, 10),
    fallback: '0',
    about: 'how many proxies in front set X-Forwarded-For',
  },
  LOG_LEVEL: {
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be one of trace, debug, info, warn, error, fatal, silent',
    }),
    fallback: 'info',
    about: 'the least level that is logged',
  },
  LOG_FILE: { schema: z.string().min(1), fallback: undefined, about: 'a file that gets every log line too' },
  LOG_FILE_MAX_MB: {
    schema: whole(1, 10_000),
    fallback: '256',
    about: 'the size from which that file is renamed to FILE.1, and a new one begins',
  },
  LOG_FILE_KEEP: { schema: whole(1, 100), fallback: '3', about: 'how many renamed files are kept' },
  LOKI_URL: {
    schema: z
      .url({ protocol: /^https?$/, error: 'must be an http or https address' })
      .refine(
        url => !/^\w+:\/\/[^/]*@/.test(url),
        'must not contain a user or password: use LOKI_USER and LOKI_PASSWORD',
      ),
    fallback: undefined,
    secret: true,
    about: 'push every log line to this Loki, for places without Promtail',
  },
  LOKI_USER: { schema: z.string().min(1), fallback: undefined, about: 'user of that Loki' },
  LOKI_PASSWORD: { schema: z.string().min(1), fallback: undefined, secret: true, about: 'its password' },
  ALERT_WEBHOOK_TOKEN: {
    schema: token,
    fallback: undefined,
    secret: true,
    about: 'the secret with which Alertmanager may announce alerts',
  },
  ALERT_WEBHOOK_TOKEN_FILE: {
    schema: z.string().min(1),
    fallback: undefined,
    about: 'a file with that secret; made when it is not there',
  },
  FAULTS: {
    schema: z.enum(['on', 'off'], { error: 'must be on or off' }),
    fallback: 'on',
    about: 'off: nobody can switch faults on; on: the presenter can',
  },
  METRICS_PORT: { schema: port, fallback: undefined, about: 'serve /metrics there, and no longer on PORT' },
  PUBLIC_URL: {
    schema: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
    fallback: undefined,
    about: 'the address that visitors use, if it is another',
  },
  APP_VERSION: {
    schema: z.string().regex(/^[\w.+-]{1,64}$/, 'must be letters, digits and . + - _'),
    fallback: undefined,
    about: 'version shown in logs and metrics',
  },
  APP_COMMIT: {
    schema: z.string().regex(/^[\w.-]{1,64}$/, 'must be letters, digits and . - _'),
    fallback: undefined,
    about: 'commit shown in logs and metrics',
  },
  APP_ENV: {
    schema: z.string().regex(/^[\w.-]{1,64}$/, 'must be letters, digits and . - _'),
    fallback: 'local',
    about: 'name of this environment',
  },
} as const

export interface Config {
  port: number
  host: string
  dbPath: string
  seed: boolean
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
  metricsPort: number | null
  publicUrl: string | null
  version: string
  commit: string
  env: string
}

/**
 * Decides the configuration. An empty variable counts as not set.
 * @param build the version and commit that were built
 * @throws StartFailure (exit code 78) that lists every problem
 */
export function decideConfig(environment: Environment, build: { version: string; commit: string }): Config {
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
  const config: Config = {
    port: read('PORT') ?? 0,
    host: read('HOST') ?? '',
    dbPath: read('LICENSE_DB_PATH') ?? '',
    seed: read('LICENSE_DB_SEED') ?? false,
    presenterToken: presenterToken ?? newSecret(),
    presenterTokenMade: presenterToken === null,
    rateLimitPerSecond: read('RATE_LIMIT') ?? 0,
    trustedProxies: read('TRUST_PROXY') ?? 0,
    logLevel: read('LOG_LEVEL') ?? '',
    logFile: logFile === null ? null : { path: logFile, ...logFileSize },
    loki: lokiUrl === null ? null : { url: lokiUrl.replace(PUSH_PATH, ''), ...lokiAccount },
    alertWebhook: { token: read('ALERT_WEBHOOK_TOKEN'), tokenFile: read('ALERT_WEBHOOK_TOKEN_FILE') },
    faultsPossible: read('FAULTS') === 'on',
    metricsPort: read('METRICS_PORT'),
    publicUrl: read('PUBLIC_URL'),
    version: read('APP_VERSION') ?? build.version,
    commit: read('APP_COMMIT') ?? build.commit,
    env: read('APP_ENV') ?? '',
  }
  if (lokiAccount.password !== null && lokiAccount.user === null)
    problems.push('LOKI_PASSWORD: needs LOKI_USER too')
  if (config.alertWebhook.token !== null && config.alertWebhook.tokenFile !== null)
    problems.push('ALERT_WEBHOOK_TOKEN_FILE: must not be set together with ALERT_WEBHOOK_TOKEN')
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

/** The text of `--help`. */
export function helpText(): string {
  const names = Object.entries(variables)
  const width = Math.max(...names.map(([name]) => name.length))
  const lines = names.map(([name, { fallback, about }]) => {
    const preset = fallback === undefined ? '' : ` [${fallback}]`
    return `  ${name.padEnd(width)}  ${about}${preset}`
  })
  return `Twinloop: a license server with its own observability stage.

Usage: npm start -- [options]

  --port N         port to listen on (PORT)
  --host ADDRESS   address to listen on (HOST)
  --db FILE        the SQLite file (LICENSE_DB_PATH)
  --no-seed        leave an empty database empty (LICENSE_DB_SEED=false)
  --log-level L    the least level that is logged (LOG_LEVEL)
  --log-file FILE  a file that gets every log line too (LOG_FILE)
  -v, --version    print the version
  -h, --help       print this

Environment, with [defaults]; a flag wins over its variable:
${lines.join('\n')}
`
}
