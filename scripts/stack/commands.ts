/** How each part is started on this machine. */
import { basename, dirname, join } from 'node:path'
import type { PartName, Service } from './parts.ts'
import { dataFolder, renderedPath } from './render.ts'
import { addressOf, type Settings } from './settings.ts'
import type { Variables } from './variables.ts'

export interface Command {
  program: string
  args: readonly string[]
  /** What it needs beside the environment that is there. */
  env: Readonly<Record<string, string>>
}

/** @param pushLogs whether the app itself sends its lines to Loki, because no Promtail does */
export function appCommand(settings: Settings, pushLogs = false): Command {
  const { ports, variables, logFile, webhookTokenFile } = settings
  return {
    program: process.execPath,
    args: ['dist/main.js'],
    env: {
      PORT: String(ports.app),
      LOG_FILE: logFile,
      PROMETHEUS_URL: addressOf(settings, 'prometheus'),
      ALERTMANAGER_URL: addressOf(settings, 'alertmanager'),
      LOKI_READ_URL: addressOf(settings, 'loki'),
      GRAFANA_URL: addressOf(settings, 'grafana'),
      // A stage without vehicles and machines would have empty dashboards.
      ...(variables.FLEET_VEHICLES ? {} : { FLEET_VEHICLES: '100' }),
      ...(variables.ESTATE_SERVERS ? {} : { ESTATE_SERVERS: '100' }),
      ...(variables.ALERT_WEBHOOK_TOKEN ? {} : { ALERT_WEBHOOK_TOKEN_FILE: webhookTokenFile }),
      ...(pushLogs && !variables.LOKI_URL ? { LOKI_URL: addressOf(settings, 'loki') } : {}),
    },
  }
}

/** @param home the folder with Grafana's own files */
export function partCommand(name: PartName, program: string, settings: Settings, home = ''): Command {
  const { ports, root, variables } = settings
  const port = ports[name]
  const data = dataFolder(settings, name)
  const plain = (...args: string[]): Command => ({ program, args, env: {} })
  switch (name) {
    case 'prometheus':
      return plain(
        `--config.file=${renderedPath(settings, name)}`,
        `--storage.tsdb.path=${join(data, 'tsdb')}`,
        '--storage.tsdb.retention.time=35d',
        `--storage.tsdb.retention.size=${variables.PROMETHEUS_RETENTION_SIZE ?? '2GB'}`,
        '--enable-feature=exemplar-storage',
        `--web.listen-address=127.0.0.1:${port}`,
        `--web.external-url=http://localhost:${port}`,
      )
    case 'alertmanager':
      return plain(
        `--config.file=${renderedPath(settings, name)}`,
        `--storage.path=${join(data, 'state')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        `--web.external-url=http://localhost:${port}`,
        '--cluster.listen-address=',
      )
    case 'loki':
      return plain(
        `-config.file=${renderedPath(settings, name)}`,
        ...listen(port),
        '-server.grpc-listen-address=127.0.0.1',
        `-server.grpc-listen-port=${settings.lokiGrpcPort}`,
      )
    case 'promtail':
      return plain(
        `-config.file=${renderedPath(settings, name)}`,
        ...listen(port),
        '-server.grpc-listen-port=0',
      )
    case 'grafana':
      return {
        program,
        args: [
          ...(basename(program).startsWith('grafana-server') ? [] : ['server']),
          '--homepath',
          home,
          '--config',
          join(root, 'grafana/grafana.ini'),
        ],
        env: {
          GF_SERVER_HTTP_ADDR: '127.0.0.1',
          GF_SERVER_HTTP_PORT: String(port),
          GF_SERVER_ROOT_URL: `http://localhost:${port}/`,
          GF_SECURITY_ADMIN_PASSWORD: variables.GRAFANA_ADMIN_PASSWORD ?? 'admin',
          GF_PATHS_PROVISIONING: join(root, 'grafana/provisioning'),
          GF_PATHS_DATA: join(data, 'data'),
          GF_PATHS_LOGS: join(data, 'logs'),
          GF_PATHS_PLUGINS: join(data, 'plugins'),
          PROMETHEUS_URL: addressOf(settings, 'prometheus'),
          LOKI_URL: addressOf(settings, 'loki'),
          ALERTMANAGER_URL: addressOf(settings, 'alertmanager'),
          DASHBOARDS_PATH: join(root, 'grafana/dashboards'),
        },
      }
  }
}

const listen = (port: number) => ['-server.http-listen-address=127.0.0.1', `-server.http-listen-port=${port}`]

/** The app's secrets, which are nobody else's business. */
const secrets = ['PRESENTER_TOKEN', 'ALERT_WEBHOOK_TOKEN', 'LOKI_PASSWORD', 'FLEET_KEY', 'MQTT_PASSWORD']

/** The environment in which a service runs, without what its command adds. */
export const environmentOf = (name: Service, { variables }: Settings): Variables =>
  Object.fromEntries(Object.entries(variables).filter(([key]) => name === 'app' || !secrets.includes(key)))

/** A command as it is typed into a shell. */
export function commandLine({ program, args, env }: Command): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`)
  return [...variables, ...[program, ...args].map(quoted)].join(' ')
}

const quoted = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

/** Where the output of a part goes. */
export const logPath = (settings: Settings, name: string): string =>
  join(settings.folder, 'logs', `${name}.log`)

/** Where the state of the running stack is kept. */
export const statePath = (settings: Settings): string => join(settings.folder, 'stack.json')

/** The folders that must exist before anything starts. */
export const foldersOf = (settings: Settings): string[] => [
  ...['logs', 'app', 'prometheus', 'alertmanager', 'loki', 'promtail', 'grafana'].map(name =>
    dataFolder(settings, name),
  ),
  dirname(settings.logFile),
]
