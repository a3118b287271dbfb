/** The block that greets whoever started the server. */
import type { Config } from './config/config.ts'
import { lanAddress } from './shared/lan-address.ts'

const PROBE_MS = 300

/** What a viewer opens beside it. */
const neighboursOf = ({ stack }: Config) => [
  { name: 'Grafana', address: stack.grafana, health: '/api/health' },
  { name: 'Prometheus', address: stack.prometheus, health: '/-/ready' },
  { name: 'Loki', address: stack.loki, health: '/ready' },
]

/** @param ports the ones that were taken */
export async function welcome(
  config: Config,
  { port, metricsPort, mqttPort }: { port: number; metricsPort: number | null; mqttPort: number | null },
): Promise<string> {
  const local = `http://localhost:${port}`
  const lan = config.host === '0.0.0.0' || config.host === '::' ? lanAddress() : undefined
  const presenter = config.presenterTokenMade
    ? `/presenter?token=${config.presenterToken}`
    : '/presenter?token=$PRESENTER_TOKEN'
  const rows: [string, string][] = [
    ['Borrow', local],
    ...(lan ? [['On the network', `http://${lan}:${port}`] as [string, string]] : []),
    ...(config.publicUrl ? [['Public', config.publicUrl] as [string, string]] : []),
    ['Presenter', `${local}${presenter}`],
    ['Deck', `${local}/presentation`],
    ['Dashboard', `${local}/dashboard`],
    ['Fleet', `${local}/fleet`],
    ['Vehicles', vehiclesText(config, mqttPort)],
    ['Estate', `${local}/estate`],
    ['Machines', machinesText(config)],
    ['API', `${local}/docs`],
    ['Metrics', metricsPort === null ? `${local}/metrics` : `http://localhost:${metricsPort}/metrics`],
    ['Databases', [config.dbPath, config.fleet.dbPath, config.estate.dbPath].join(', ')],
    ['Lake', lakeText(config)],
  ]
  const found = await Promise.all(
    neighboursOf(config).map(
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

function machinesText({ estate: { simulated, host } }: Config): string {
  const real = host ? 'this machine is measured' : 'this machine is not measured'
  if (simulated.servers === 0) return `${real}; start with --estate 1000 to simulate more`
  const past = simulated.historyDays > 0 ? `, with ${simulated.historyDays} days of their past` : ''
  return `${simulated.servers} servers are simulated here${past}; ${real}`
}

const lakeText = ({ estate: { lake } }: Config): string =>
  lake.kind === 'directory' ? lake.folder : `s3://${lake.bucket}/${lake.prefix}`

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(address, { signal: AbortSignal.timeout(PROBE_MS) })).ok
  } catch {
    return false
  }
}
