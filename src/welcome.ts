/** The block that greets whoever started the server. */
import { networkInterfaces } from 'node:os'
import type { Config } from './config/config.ts'

const PROBE_MS = 300

/** What a viewer opens, at its usual place. */
const neighbours = [
  { name: 'Grafana', address: 'http://127.0.0.1:3000', health: '/api/health' },
  { name: 'Prometheus', address: 'http://127.0.0.1:9090', health: '/-/ready' },
  { name: 'Loki', address: 'http://127.0.0.1:3100', health: '/ready' },
]

/** @param ports the ones that were taken */
export async function welcome(
  config: Config,
  { port, metricsPort, mqttPort }: { port: number; metricsPort: number | null; mqttPort: number | null },
): Promise<string> {
  const local = `http://localhost:${port}`
  const lan = config.host === '0.0.0.0' || config.host === '::' ? lanAddress() : undefined
  const presenter = config.presenterTokenMade
    ? `/config?token=${config.presenterToken}`
    : '/config?token=$PRESENTER_TOKEN'
  const rows: [string, string][] = [
    ['Borrow', local],
    ...(lan ? [['On the network', `http://${lan}:${port}`] as [string, string]] : []),
    ...(config.publicUrl ? [['Public', config.publicUrl] as [string, string]] : []),
    ['Presenter', `${local}${presenter}`],
    ['Dashboard', `${local}/dashboard`],
    ['Fleet', `${local}/fleet`],
    ['Vehicles', vehiclesText(config, mqttPort)],
    ['API', `${local}/docs`],
    ['Metrics', metricsPort === null ? `${local}/metrics` : `http://localhost:${metricsPort}/metrics`],
    ['Databases', `${config.dbPath}, ${config.fleet.dbPath}`],
  ]
  const found = await Promise.all(
    neighbours.map(
      async ({ name, address, health }): Promise<[string, string]> => [
        name,
        (await answers(`${address}${health}`)) ? address : 'not running',
      ],
    ),
  )
  const all = [...rows, ...found]
  if (found.some(([, value]) => value === 'not running'))
    all.push(['The stack', 'npm run stack starts what is installed; npm run doctor says what is missing'])
  const width = Math.max(...all.map(([name]) => name.length))
  const lines = all.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)
  return `\nTwinloop ${config.version} (${config.commit})\n\n${lines.join('\n')}\n\n  Stop with Ctrl-C. Log lines go to standard output.\n\n`
}

function vehiclesText({ fleet }: Config, mqttPort: number | null): string {
  const address = mqttPort === null ? 'the broker of MQTT_URL' : `mqtt://localhost:${mqttPort}`
  const here = fleet.simulated
  return here
    ? `${here.vehicles} are simulated here; more connect to ${address}`
    : `connect to ${address}; npm run fleet simulates some`
}

function lanAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap(addresses => addresses ?? [])
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(address, { signal: AbortSignal.timeout(PROBE_MS) })).ok
  } catch {
    return false
  }
}
