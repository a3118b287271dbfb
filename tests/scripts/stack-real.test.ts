import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { birthOf } from '../../scripts/stack/processes.ts'
import { until } from '../../scripts/stack/wait.ts'
import { missingPackages as missing } from '../support/on-path.ts'
import { createStackWorld } from './stack-world.ts'

const title = 'the app, Prometheus and Alertmanager come up, watch each other, and leave no process'

test.skipIf(missing.length > 0)(
  missing.length > 0 ? `${title} (not on PATH: ${missing})` : title,
  async () => {
    const world = await createStackWorld()
    const { app, prometheus, alertmanager } = world.ports
    const terminal = world.run(['--only', 'prometheus,alertmanager'])
    await until(() => terminal.output().includes('Stop: ') || terminal.child.exitCode !== null, 60_000)
    expect(terminal.output()).toMatch(new RegExp(`app +http://localhost:${app} +running\n`))
    expect(terminal.output()).toMatch(new RegExp(`prometheus +http://localhost:${prometheus} +running\n`))
    expect(terminal.output()).toMatch(new RegExp(`alertmanager +http://localhost:${alertmanager} +running\n`))
    expect(terminal.output()).toContain('/presenter?token=')

    const api = `http://127.0.0.1:${prometheus}`
    expect((await fetch(`${api}/-/ready`)).status).toBe(200)
    const ask = async <T>(path: string): Promise<T> =>
      ((await (await fetch(`${api}/api/v1/${path}`)).json()) as { data: T }).data
    const appIsUp = async () => {
      const { result } = await ask<{ result: { value: [number, string] }[] }>(
        'query?query=up{job="license-server"}',
      )
      return result[0]?.value[1] === '1'
    }
    expect(await until(appIsUp, 20_000)).toBe(true)
    const { activeAlertmanagers } = await ask<{ activeAlertmanagers: { url: string }[] }>('alertmanagers')
    expect(activeAlertmanagers[0]?.url).toContain(`127.0.0.1:${alertmanager}`)

    const state = world.state()
    const pids = [state?.supervisor.pid, ...(state?.members ?? []).map(({ pid }) => pid)]
    expect(pids).toHaveLength(4)
    terminal.child.kill('SIGTERM')
    expect(await terminal.exited).toBe(0)
    expect(await Promise.all(pids.map(pid => birthOf(pid ?? 0)))).toEqual([null, null, null, null])
    expect(existsSync(`${world.folder}/stack/stack.json`)).toBe(false)
  },
  120_000,
)

test('when the app ends, the stack ends with its exit code', async () => {
  const world = await createStackWorld()
  const terminal = world.run(['--only', 'app'])
  await until(() => terminal.output().includes('Stop: ') || terminal.child.exitCode !== null, 30_000)
  const app = world.state()?.members.find(({ name }) => name === 'app')
  process.kill(app?.pid ?? 0, 'SIGKILL')
  expect(await terminal.exited).toBe(137)
  expect(terminal.output()).toContain('app ended: ended by SIGKILL.')
})
