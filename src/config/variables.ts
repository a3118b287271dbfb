import { z } from 'zod'
import { estateVariables } from './estate-variables.ts'
import { httpAddress, onOrOff, whole } from './variable.ts'

const port = whole(0, 65_535)
const token = z.string().regex(/^[\x21-\x7e]{8,200}$/, 'must be 8 to 200 visible ASCII characters')

/**
 * Every variable the server knows, its default and its meaning: the help text is made from this. The value of a
 * `secret` one is never shown.
 */
export const variables = {
  PORT: { schema: port, fallback: '8000', about: 'port to listen on; 0: any free one' },
  HOST: { schema: z.string().min(1), fallback: '0.0.0.0', about: 'address to listen on' },
  LICENSE_DB_PATH: { schema: z.string().min(1), fallback: 'licenses.db', about: 'the SQLite file' },
  LICENSE_DB_SEED: {
    schema: z.stringbool({ error: 'must be true or false' }),
    fallback: 'true',
    about: 'make the three demo pools in an empty database',
  },
  SQLITE_CACHE_MB: {
    schema: whole(1, 1024),
    fallback: '32',
    about: 'how much of its file each of some ten connections to a database keeps in memory at most',
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
    schema: onOrOff,
    fallback: 'on',
    about: 'off: nobody can switch faults on; on: the presenter can',
  },
  FLEET_VEHICLES: {
    schema: whole(0, 20_000),
    fallback: '0',
    about: 'simulated vehicles that run inside this process; `npm run fleet` runs them beside it',
  },
  FLEET_SPEED: {
    schema: whole(1, 1000),
    fallback: '1',
    about: 'simulated seconds a second for those vehicles',
  },
  FLEET_SEED: { schema: whole(0, 2 ** 31), fallback: '1', about: 'the same seed makes the same vehicles' },
  FLEET_DB_PATH: {
    schema: z.string().min(1),
    fallback: undefined,
    about: 'the SQLite file of the fleet [fleet.db beside the other]',
  },
  FLEET_KEY: {
    schema: token,
    fallback: undefined,
    secret: true,
    about: 'the secret from which the passwords of vehicles and the signature of releases are made',
  },
  FLEET_KEY_FILE: {
    schema: z.string().min(1),
    fallback: undefined,
    about: 'a file with that secret; made when it is not there [FLEET_DB_PATH.key]',
  },
  FLEET_KEEP_HOURS: { schema: whole(1, 8784), fallback: '24', about: 'how long telemetry is kept' },
  FLEET_DB_MAX_MB: {
    schema: whole(50, 1_000_000),
    fallback: '1000',
    about: 'the size of the fleet database from which telemetry goes sooner',
  },
  MQTT_PORT: {
    schema: port,
    fallback: undefined,
    about: 'port of the MQTT broker in this process [1883, or any free one when that is taken]',
  },
  MQTT_URL: {
    schema: z
      .url({ protocol: /^(mqtts?|tcp|ssl|wss?)$/, error: 'must be an mqtt, mqtts, ws or wss address' })
      .refine(
        url => !/^\w+:\/\/[^/]*@/.test(url),
        'must not contain a user or password: use MQTT_USER and MQTT_PASSWORD',
      ),
    fallback: undefined,
    secret: true,
    about: 'use this MQTT broker instead of the one in this process',
  },
  MQTT_USER: {
    schema: z.string().min(1).max(100),
    fallback: undefined,
    about: 'user of that broker [twinloop-server]',
  },
  MQTT_PASSWORD: {
    schema: z.string().min(1),
    fallback: undefined,
    secret: true,
    about: 'its password [made from the key, unless MQTT_USER is set]',
  },
  ...estateVariables,
  METRICS_PORT: { schema: port, fallback: undefined, about: 'serve /metrics there, and no longer on PORT' },
  PUBLIC_URL: {
    schema: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
    fallback: undefined,
    about: 'the address that visitors use, if it is another',
  },
  WIFI_SSID: {
    schema: z.string().min(1).max(32),
    fallback: undefined,
    about: 'name of the network that the presenter shows to phones as a second code',
  },
  WIFI_PASSWORD: {
    schema: z.string().regex(/^[\x20-\x7e]{8,63}$/, 'must be 8 to 63 ASCII characters'),
    fallback: undefined,
    secret: true,
    about: 'its password; none: an open network',
  },
  PROMETHEUS_URL: {
    schema: httpAddress,
    fallback: 'http://127.0.0.1:9090',
    secret: true,
    about: 'where to look for Prometheus',
  },
  ALERTMANAGER_URL: {
    schema: httpAddress,
    fallback: 'http://127.0.0.1:9093',
    secret: true,
    about: 'where to look for Alertmanager',
  },
  LOKI_READ_URL: {
    schema: httpAddress,
    fallback: 'http://127.0.0.1:3100',
    secret: true,
    about: 'where to look for Loki, also when Promtail fills it',
  },
  GRAFANA_URL: {
    schema: httpAddress,
    fallback: 'http://127.0.0.1:3000',
    secret: true,
    about: 'where to look for Grafana',
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
