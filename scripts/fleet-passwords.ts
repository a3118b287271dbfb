/** Prints what another MQTT broker has to know: a user and a password a line. */
import { estateClients, estatePassword } from '../src/machine/credentials.ts'
import { identityOf } from '../src/simulator/vehicles/identity.ts'
import { devicePassword, SERVER_NAME, serverPassword } from '../src/vehicle/credentials.ts'
import { commandLine } from './command-line.ts'
import { Problem, readKey } from './fleet/server.ts'

const help = `Prints the users and passwords of simulated vehicles, the server and the estate's parts, as mosquitto_passwd -U reads them.

Usage: npm run -s fleet:passwords -- [options] > passwords && mosquitto_passwd -U passwords

  --vehicles N     how many, 1 to 99999 [100]
  --key-file FILE  where the server keeps the fleet's key, unless FLEET_KEY is set [fleet.db.key]
  -h, --help       print this
`

const values = commandLine(help, {
  vehicles: { preset: 100, min: 1, max: 99_999 },
  'key-file': { preset: 'fleet.db.key' },
})

try {
  const key = readKey(process.env.FLEET_KEY, values['key-file'])
  const names = Array.from({ length: values.vehicles }, (_, index) => identityOf(index + 1).vehicle)
  const users = names.map(name => `${name}:${devicePassword(key, name)}\n`)
  const parts = estateClients.map(client => `${client}:${estatePassword(key, client)}\n`)
  process.stdout.write(`${SERVER_NAME}:${serverPassword(key)}\n${parts.join('')}${users.join('')}`)
} catch (error) {
  if (!(error instanceof Problem)) throw error
  process.stderr.write(`\n${error.message}\n  Try: ${error.hint}\n`)
  process.exitCode = 1
}
