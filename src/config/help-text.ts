import { variables } from './variables.ts'

/** The text of `--help`. */
export function helpText(): string {
  const names = Object.entries(variables)
  const width = Math.max(...names.map(([name]) => name.length))
  const lines = names.map(([name, { fallback, about }]) => {
    const preset = fallback === undefined ? '' : ` [${fallback}]`
    return `  ${name.padEnd(width)}  ${about}${preset}`
  })
  return `Twinloop: a license server with its own observability stage.

Usage: npm start -- [options]

  --port N         port to listen on (PORT)
  --host ADDRESS   address to listen on (HOST)
  --db FILE        the SQLite file (LICENSE_DB_PATH)
  --no-seed        leave an empty database empty (LICENSE_DB_SEED=false)
  --log-level L    the least level that is logged (LOG_LEVEL)
  --log-file FILE  a file that gets every log line too (LOG_FILE)
  --fleet N        simulated vehicles that run inside this process (FLEET_VEHICLES)
  --estate N       simulated servers, with their containers and services (ESTATE_SERVERS)
  -v, --version    print the version
  -h, --help       print this

Environment, with [defaults]; a flag wins over its variable:
${lines.join('\n')}
`
}
