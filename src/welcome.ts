/** The block that greets whoever started the server. */
import { networkInterfaces } from 'node:os'
import type { Config } from './config/config.ts'

const PROBE_MS = 300

const neighbours = [
  {
    name: 'Prometheus',
    address: 'http://127.0.0.1:9090/-/ready',
    command: 'prometheus --config.file=prometheus/prometheus.yml --storage.tsdb.path=data/prometheus',
  },
  {
    name: 'Loki',
    address: 'http://127.0.0.1:3100/ready',
    command: 'loki -config.file=loki/loki.yml (and promtail -config.file=promtail/promtail.yml)',
  },
]

/** @param ports the ones that were taken */
export async function welcome(
  config: Config,
  { port, metricsPort }: { port: number; metricsPort: number | null },
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
    ['API', `${local}/docs`],
    ['Metrics', metricsPort === null ? `${local}/metrics` : `http://localhost:${metricsPort}/metrics`],
    ['Database', config.dbPath],
  ]
  const missing = await Promise.all(
    neighbours.map(
      async ({ name, address, command }): Promise<[string, string] | null> =>
        (await answers(address)) ? null : [name, `not running; start it with: ${command}`],
    ),
  )
  const all = [...rows, ...missing.filter(row => row !== null)]
  const width = Math.max(...all.map(([name]) => name.length))
  const lines = all.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)
  return `\nTwinloop ${config.version} (${config.commit})\n\n${lines.join('\n')}\n\n  Stop with Ctrl-C. Log lines go to standard output.\n\n`
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
