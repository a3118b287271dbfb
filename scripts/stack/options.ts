/** What `npm run stack` was asked for. */
import { parseArgs } from 'node:util'
import { isPartName, type PartName, partNames } from './parts.ts'

export type Task = 'up' | 'down' | 'status' | 'render' | 'help'

export interface Options {
  task: Task
  parts: PartName[]
  app: boolean
  detach: boolean
}

/** @returns the options, and every problem with them */
export function decideOptions(args: readonly string[]): { options: Options; problems: string[] } {
  const problems: string[] = []
  const flags = {
    only: { type: 'string' },
    'no-app': { type: 'boolean' },
    render: { type: 'boolean' },
    detach: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const
  const parsed = parseArgs({
    args: [...args],
    options: flags,
    strict: false,
    tokens: true,
    allowPositionals: true,
  })
  for (const token of parsed.tokens)
    if (token.kind === 'option' && !Object.hasOwn(flags, token.name))
      problems.push(`${token.rawName}: unknown option`)
  const { values, positionals } = parsed
  const [verb = 'up', ...others] = positionals
  const isVerb = verb === 'up' || verb === 'down' || verb === 'status'
  if (!isVerb) problems.push(`${verb}: must be up, down or status`)
  for (const other of others) problems.push(`${other}: unexpected argument`)

  const named = typeof values.only === 'string' ? values.only.split(',').map(name => name.trim()) : null
  if (values.only !== undefined && (named === null || named.includes('')))
    problems.push('--only: needs names, such as prometheus,loki')
  for (const name of named ?? [])
    if (name !== '' && name !== 'app' && !isPartName(name))
      problems.push(`--only ${name}: there are ${partNames.join(', ')}`)
  const task = values.help ? 'help' : values.render ? 'render' : isVerb ? verb : 'up'
  return {
    options: {
      task,
      parts: partNames.filter(name => named === null || named.includes(name)),
      app: !values['no-app'],
      detach: values.detach === true,
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
