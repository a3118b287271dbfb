/** Decides ports and places from the variables; touches nothing. */
import { join, resolve } from 'node:path'
import { type PartName, partNames, parts, type Service } from './parts.ts'
import type { Variables } from './variables.ts'

export interface Settings {
  /** The project folder. */
  root: string
  /** Where everything that the stack writes lives. */
  folder: string
  variables: Variables
  ports: Record<Service, number>
  /** Where Loki's inner port is; nobody else uses it. */
  lokiGrpcPort: number
  /** The host by which this machine reaches the app. */
  appHost: string
  /** Where the app's metrics are, if they are not on its main port. */
  metricsPort: number
  logFile: string
  webhookTokenFile: string
}

/** @returns the settings, and every problem with the ports */
export function decideSettings(
  root: string,
  variables: Variables,
): { settings: Settings; problems: string[] } {
  const problems: string[] = []
  const port = (names: readonly string[], fallback: number): number => {
    const name = names.find(each => variables[each])
    const text = name ? variables[name] : undefined
    if (name === undefined || text === undefined) return fallback
    const value = Number(text)
    if (/^\d{1,5}$/.test(text) && value >= 1 && value <= 65_535) return value
    problems.push(`${name}: must be a whole number from 1 to 65535 (it is "${text.slice(0, 60)}")`)
    return fallback
  }
  const appPort = port(['APP_PORT', 'PORT'], 8000)
  const partPorts = Object.fromEntries(
    partNames.map(name => [name, port([parts[name].portVariable], parts[name].port)]),
  ) as Record<PartName, number>
  const ports = { app: appPort, ...partPorts }
  const folder = resolve(root, variables.STACK_DATA ?? 'data/stack')
  const settings: Settings = {
    root,
    folder,
    variables,
    ports,
    lokiGrpcPort: port(['LOKI_GRPC_PORT'], 9095),
    appHost: reachable(variables.HOST),
    metricsPort: port(['METRICS_PORT'], appPort),
    logFile: resolve(root, variables.LOG_FILE ?? 'logs/license-server.log'),
    webhookTokenFile: resolve(
      root,
      variables.ALERT_WEBHOOK_TOKEN_FILE ?? join(folder, 'app/alert-webhook-token'),
    ),
  }
  const services = Object.keys(ports) as Service[]
  for (const [index, name] of services.entries()) {
    const other = services.slice(0, index).find(each => ports[each] === ports[name])
    if (other) problems.push(`${other} and ${name}: both have port ${ports[name]}`)
  }
  return { settings, problems }
}

/** Whoever listens everywhere is reached on this machine's own address. */
function reachable(host: string | undefined): string {
  if (host === undefined || host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** Where a service is reached from this machine. */
export const addressOf = (settings: Settings, name: Service): string =>
  name === 'app'
    ? `http://${settings.appHost}:${settings.ports.app}`
    : `http://127.0.0.1:${settings.ports[name]}`
