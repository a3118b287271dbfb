/** Debian's mosquitto with the repository's configuration, to be killed and started again on its files. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { onTestFinished } from 'vitest'
import { identityOf } from '../../../src/simulator/vehicles/identity.ts'
import { devicePassword } from '../../../src/vehicle/credentials.ts'
import { freePort } from '../../mqtt/brokers.ts'
import { waitFor } from '../../support/wait-for.ts'
import { FLEET_KEY, temporaryFolder } from '../../support/world.ts'

export interface KillableMosquitto {
  url: string
  /** Of `twinloop-server`. */
  password: string
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>
  start(): Promise<void>
  /** Resolves when what the server listens to is on its disk: what it has only in memory dies with it. */
  savedSession(): Promise<void>
}

const SERVER = 'twinloop-server'

/**
 * @param vehicles that have a password: those with the numbers from 1
 * @param others users and their passwords
 */
export async function killableMosquitto(
  vehicles: number,
  others: readonly (readonly [string, string])[] = [],
): Promise<KillableMosquitto> {
  const port = await freePort()
  const folder = temporaryFolder()
  const password = 'the password of the server'
  const passwords = join(folder, 'passwords')
  const names = Array.from({ length: vehicles }, (_, index) => identityOf(index + 1).vehicle)
  const lines = [
    [SERVER, password],
    ['probe', password],
    ...others,
    ...names.map(name => [name, devicePassword(FLEET_KEY, name)]),
  ]
  writeFileSync(passwords, lines.map(line => `${line.join(':')}\n`).join(''))
  execFileSync('mosquitto_passwd', ['-U', passwords])
  const configuration = readFileSync('mosquitto/mosquitto.conf', 'utf8')
    .replace('listener 1883', `listener ${port} 127.0.0.1`)
    .replace('/etc/mosquitto/twinloop.passwords', passwords)
    .replace('/etc/mosquitto/twinloop.acl', join(process.cwd(), 'mosquitto/acl'))
    .replace('autosave_interval 10', 'autosave_interval 1')
  const file = join(folder, 'mosquitto.conf')
  // Started by root, it would become a user who may not read the test's folder.
  writeFileSync(file, `user root\npersistence_location ${folder}/\n${configuration}`)
  const url = `mqtt://127.0.0.1:${port}`
  let program: ChildProcess

  const answers = () =>
    connectAsync(url, { clientId: 'probe', username: 'probe', password, reconnectPeriod: 0 }).then(
      client => client.endAsync(true).then(() => true),
      () => false,
    )
  async function start() {
    program = spawn('mosquitto', ['-c', file], { stdio: 'ignore' })
    await waitFor(answers)
  }
  async function kill() {
    if (program.exitCode !== null || program.signalCode !== null) return
    const ended = once(program, 'exit')
    program.kill('SIGKILL')
    await ended
  }
  await start()
  onTestFinished(kill)
  const saved = join(folder, 'mosquitto.db')
  const savedSession = () =>
    waitFor(() => existsSync(saved) && readFileSync(saved).includes('fleet/+/command/result'), 10_000)
  return { url, password, kill, start, savedSession }
}
