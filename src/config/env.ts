import { parseArgs } from 'node:util'

/** Everything the outside says at start, as text and unjudged. */
export interface Environment {
  values: Record<string, string | undefined>
  help: boolean
  version: boolean
  problems: string[]
}

/** Command-line flags that stand for environment variables; a flag wins over its variable. */
export const flags = {
  port: { type: 'string', variable: 'PORT' },
  host: { type: 'string', variable: 'HOST' },
  db: { type: 'string', variable: 'LICENSE_DB_PATH' },
  'no-seed': { type: 'boolean', variable: 'LICENSE_DB_SEED', value: 'false' },
  'log-level': { type: 'string', variable: 'LOG_LEVEL' },
  fleet: { type: 'string', variable: 'FLEET_VEHICLES' },
  estate: { type: 'string', variable: 'ESTATE_SERVERS' },
  'log-file': { type: 'string', variable: 'LOG_FILE' },
} as const satisfies Record<string, { type: 'string' | 'boolean'; variable: string; value?: string }>

/** Reads the environment and the flags. The one place that does. */
export function readEnvironment(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Environment {
  const options = {
    ...Object.fromEntries(Object.entries(flags).map(([name, { type }]) => [name, { type }])),
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean', short: 'v' },
  } as const
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  })
  const environment: Environment = { values: { ...env }, help: false, version: false, problems: [] }
  // What follows an unknown option may be its value, and that may be a secret: it is not repeated.
  let afterUnknown = false
  for (const token of tokens) {
    if (token.kind === 'positional' && !afterUnknown)
      environment.problems.push(`${token.value}: unexpected argument`)
    afterUnknown = false
    if (token.kind !== 'option') continue
    const { name, rawName, value } = token
    if (name === 'help' || name === 'version') environment[name] = true
    else if (!isFlag(name)) {
      environment.problems.push(`${rawName}: unknown option`)
      afterUnknown = true
    } else if (flags[name].type === 'string' && (value === undefined || value === ''))
      environment.problems.push(`${rawName}: needs a value`)
    else {
      const flag = flags[name]
      environment.values[flag.variable] = 'value' in flag ? flag.value : value
    }
  }
  return environment
}

const isFlag = (name: string): name is keyof typeof flags => Object.hasOwn(flags, name)
