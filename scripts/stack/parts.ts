/** The parts of the stack: what they are called, where they listen, how to see that they are well. */

export interface Part {
  /** Names of its program, the first that is found is taken. */
  programs: readonly string[]
  /** The variable that names the program. */
  binVariable: string
  portVariable: string
  port: number
  health: string
  /** What the health page of this program, and of no other, says. */
  healthy: RegExp
  /** The flag that prints the version. */
  versionFlag: string
  /** The oldest version that takes our configuration. */
  oldest: string
}

export const parts = {
  prometheus: {
    programs: ['prometheus'],
    binVariable: 'PROMETHEUS_BIN',
    portVariable: 'PROMETHEUS_PORT',
    port: 9090,
    health: '/-/ready',
    healthy: /^Prometheus/,
    versionFlag: '--version',
    oldest: '2.42.0',
  },
  alertmanager: {
    programs: ['alertmanager', 'prometheus-alertmanager'],
    binVariable: 'ALERTMANAGER_BIN',
    portVariable: 'ALERTMANAGER_PORT',
    port: 9093,
    health: '/-/ready',
    healthy: /^OK/,
    versionFlag: '--version',
    oldest: '0.25.0',
  },
  loki: {
    programs: ['loki'],
    binVariable: 'LOKI_BIN',
    portVariable: 'LOKI_PORT',
    port: 3100,
    health: '/ready',
    healthy: /^ready/,
    versionFlag: '-version',
    oldest: '3.3.0',
  },
  promtail: {
    programs: ['promtail'],
    binVariable: 'PROMTAIL_BIN',
    portVariable: 'PROMTAIL_PORT',
    port: 9080,
    health: '/ready',
    healthy: /^Ready/,
    versionFlag: '-version',
    oldest: '2.9.0',
  },
  grafana: {
    programs: ['grafana', 'grafana-server'],
    binVariable: 'GRAFANA_BIN',
    portVariable: 'GRAFANA_PORT',
    port: 3000,
    health: '/api/health',
    healthy: /"database"/,
    versionFlag: '-v',
    oldest: '11.0.0',
  },
} as const satisfies Record<string, Part>

export type PartName = keyof typeof parts
export type Service = 'app' | PartName

/** In the order in which they start; they stop in the reverse order. */
export const partNames = Object.keys(parts) as PartName[]

export const isPartName = (name: string): name is PartName => Object.hasOwn(parts, name)

/** What says that the app is well, and that it is the app. */
export const appHealth = { health: '/readyz', healthy: /"ok"/ }
