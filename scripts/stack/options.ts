/** What `npm run stack` was asked for. */
import { readFlags } from '../../src/shared/flags.ts'
import { isPartName, type PartName, partNames } from './parts.ts'

export type Task = 'up' | 'down' | 'status' | 'render' | 'help'

export interface Options {
  task: Task
  parts: PartName[]
  app: boolean
  detach: boolean
}

const flags = {
  only: { preset: null },
  'no-app': { preset: false },
  render: { preset: false },
  detach: { preset: false },
} as const

/** @returns the options, and every problem with them */
export function decideOptions(args: readonly string[]): { options: Options; problems: string[] } {
  const { values, positionals, problems, help } = readFlags(args, flags, 1)
  const [verb = 'up'] = positionals
  const isVerb = verb === 'up' || verb === 'down' || verb === 'status'
  if (!isVerb) problems.push(`${verb}: must be up, down or status`)
  const named = values.only?.split(',').map(name => name.trim()) ?? null
  for (const name of named ?? [])
    if (name !== 'app' && !isPartName(name))
      problems.push(`--only ${name}: there are app, ${partNames.join(', ')}`)
  const task = help ? 'help' : values.render ? 'render' : isVerb ? verb : 'up'
  return {
    options: {
      task,
      parts: partNames.filter(name => named === null || named.includes(name)),
      app: !values['no-app'],
      detach: values.detach,
    },
    problems,
  }
}

export const usage = `Runs the app and the observability stack on this machine, without containers.

Usage: npm run stack -- [options]       start, watch, stop with Ctrl-C
       npm run stack -- --detach        start and give the terminal back
       npm run stack -- status | down   see it, end it (from any terminal)

  --only LIST   these parts and the app: ${partNames.join(',')}
  --no-app      watch an app that runs already
  --render      only write the files and print the command of each part
  -h, --help    print this

Each part is taken from PATH, or from PROMETHEUS_BIN, ALERTMANAGER_BIN, LOKI_BIN, PROMTAIL_BIN, GRAFANA_BIN
(GRAFANA_HOME: the folder with Grafana's own files). What is not there is left out; the demo runs without it.
Ports, from the shell or from .env: APP_PORT or PORT [8000], PROMETHEUS_PORT [9090], ALERTMANAGER_PORT [9093],
LOKI_PORT [3100], LOKI_GRPC_PORT [9095], PROMTAIL_PORT [9080], GRAFANA_PORT [3000]. Only the app can be reached
from other machines. Everything is written below STACK_DATA [data/stack]; the log lines of the app
go to LOG_FILE [logs/license-server.log]. SKIP_BUILD=1 runs the build that is there.
`
