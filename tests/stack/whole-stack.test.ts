/** The stack of Debian's programs, asked everything that needs no Loki: traffic, panels, rules, an alert that fires. */
import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { until } from '../../scripts/stack/wait.ts'
import { createStackWorld, root } from '../scripts/stack-world.ts'
import { missingPackages as missing } from '../support/on-path.ts'

const title =
  'every panel’s query has data, and an induced failure fires the demo-time alert, which comes back'

test.skipIf(missing.length > 0)(
  missing.length > 0 ? `${title} (not on PATH: ${missing})` : title,
  async () => {
    const world = await createStackWorld()
    const { app, prometheus, alertmanager } = world.ports
    const stack = world.run(['--only', 'prometheus,alertmanager'], {
      RATE_LIMIT: '0',
      FLEET_VEHICLES: '60',
      FLEET_SPEED: '30',
      ESTATE_SERVERS: '20',
    })
    await until(() => stack.output().includes('Stop: ') || stack.child.exitCode !== null, 60_000)

    const questions = spawn(
      process.execPath,
      ['--import', 'tsx', 'scripts/test-stack.ts', '--seconds', '15', '--only', 'prometheus,alertmanager'],
      {
        cwd: root,
        env: {
          PATH: process.env.PATH,
          STACK_DATA: `${world.folder}/stack`,
          APP_URL: `http://127.0.0.1:${app}`,
          PROMETHEUS_URL: `http://127.0.0.1:${prometheus}`,
          ALERTMANAGER_URL: `http://127.0.0.1:${alertmanager}`,
        },
      },
    )
    let said = ''
    for (const stream of [questions.stdout, questions.stderr])
      stream.setEncoding('utf8').on('data', part => {
        said += part
      })
    const code = await new Promise(resolve => questions.once('close', resolve))
    expect(said).not.toMatch(/^(failed|absent)/m)
    expect(said).toMatch(/^ok +an induced failure fires the demo-time alert/m)
    expect(said).toMatch(/^ok +license-operations, /m)
    expect(said).toMatch(/^ok +fleet, /m)
    expect(said).toMatch(/^ok +estate, /m)
    expect(code).toBe(0)

    stack.child.kill('SIGTERM')
    expect(await stack.exited).toBe(0)
  },
  300_000,
)

test('a part that was asked for and is absent is named, and the exit code says so', async () => {
  const env = { PATH: process.env.PATH, APP_URL: 'http://127.0.0.1:9' }
  const questions = spawn(process.execPath, ['--import', 'tsx', 'scripts/test-stack.ts'], { cwd: root, env })
  let said = ''
  questions.stdout.on('data', part => {
    said += part
  })
  expect(await new Promise(resolve => questions.once('close', resolve))).toBe(2)
  expect(said).toMatch(/^absent +the server: nothing answers at http:\/\/127\.0\.0\.1:9;/m)
})
