import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { birthOf } from '../../scripts/stack/processes.ts'
import { until } from '../../scripts/stack/wait.ts'
import {
  createStackWorld,
  likePrometheus,
  type StackWorld,
  type Terminal,
  writeProgram,
} from './stack-world.ts'

const only = ['--no-app', '--only', 'prometheus']
const stop = /Stop: {3}/

async function isUp({ output, child }: Terminal): Promise<void> {
  await until(() => stop.test(output()) || child.exitCode !== null, 20_000)
  expect(output()).toMatch(stop)
}

/** Starts a stack of one part that is no real Prometheus. */
async function upWith(extra = '', args: string[] = only) {
  const world = await createStackWorld()
  const env = { PROMETHEUS_BIN: writeProgram(world.folder, 'fake-prometheus', likePrometheus(extra)) }
  const terminal = world.run(args, env)
  await isUp(terminal)
  return { world, terminal, env }
}

const pidsOf = (world: StackWorld): number[] => {
  const state = world.state()
  return state ? [state.supervisor.pid, ...state.members.map(({ pid }) => pid)] : []
}

const areGone = (pids: number[]) =>
  until(async () => (await Promise.all(pids.map(birthOf))).every(birth => birth === null), 15_000)

test('what runs is shown, and the state says which processes', async () => {
  const { world, terminal } = await upWith()
  expect(terminal.output()).toMatch(
    new RegExp(`prometheus +http://localhost:${world.ports.prometheus} +running`),
  )
  expect(pidsOf(world)).toHaveLength(2)
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
  '%s of the terminal leaves no process',
  async signal => {
    const { world, terminal } = await upWith()
    const pids = pidsOf(world)
    terminal.child.kill(signal)
    expect(await areGone(pids)).toBe(true)
    expect(await terminal.exited).toBe(signal === 'SIGKILL' ? null : 0)
    expect(world.state()).toBeNull()
  },
)

test('a second Ctrl-C does not wait for a part that takes its time', async () => {
  const { world, terminal } = await upWith(`process.on('SIGTERM', () => {})`)
  const pids = pidsOf(world)
  terminal.child.kill('SIGINT')
  await until(() => terminal.output().includes('prometheus: stopping'), 5000)
  const began = performance.now()
  terminal.child.kill('SIGINT')
  expect(await areGone(pids)).toBe(true)
  expect(performance.now() - began).toBeLessThan(8000)
})

test('a part that ends early is shown with its last lines, and the rest goes on', async () => {
  const { world, terminal } = await upWith(
    `setTimeout(() => { console.error('no more'); process.exit(3) }, 100)`,
  )
  await until(() => terminal.output().includes('| no more'), 10_000)
  expect(terminal.output()).toContain('prometheus ended: exit code 3.')
  expect(terminal.child.exitCode).toBeNull()
  expect(world.state()?.rows.find(({ name }) => name === 'prometheus')?.why).toContain('exit code 3')
})

test('detached, it is seen and ended from another terminal', async () => {
  const { world, terminal } = await upWith('', [...only, '--detach'])
  expect(await terminal.exited).toBe(0)
  const pids = pidsOf(world)
  const status = world.run(['status'])
  expect(await status.exited).toBe(0)
  expect(status.output()).toMatch(/prometheus +\S+ +running/)
  const again = world.run(only)
  expect(await again.exited).toBe(1)
  expect(again.output()).toContain(`runs already (process ${pids[0]})`)
  expect(await world.run(['down']).exited).toBe(0)
  expect(await areGone(pids)).toBe(true)
  expect(await world.run(['status']).exited).toBe(1)
})

test('what a killed stack left is recognised, and ended by the next', async () => {
  const { world, terminal, env } = await upWith()
  const [supervisor = 0, ...left] = pidsOf(world)
  process.kill(supervisor, 'SIGKILL')
  await terminal.exited
  const status = world.run(['status'])
  expect(await status.exited).toBe(1)
  expect(status.output()).toContain(`still there: prometheus (process ${left[0]})`)
  const next = world.run(only, env)
  await isUp(next)
  expect(await areGone(left)).toBe(true)
  expect(next.output()).toMatch(/prometheus +\S+ +running\n/)
})

test.each([
  ['Prometheus Server is Ready.', 'already running, not ours'],
  ['hello', 'skipped: port'],
])('where something listens already and says "%s", the part is %s', async (answer, state) => {
  const world = await createStackWorld()
  const foreign = createServer((_, response) => response.end(answer)).listen(
    world.ports.prometheus,
    '127.0.0.1',
  )
  onTestFinished(() => void foreign.close())
  const terminal = world.run(only)
  await isUp(terminal)
  expect(terminal.output()).toContain(state)
  expect(terminal.output()).toContain(`(process ${process.pid})`)
})

test('a taken port of the app stops everything at once, before anything is started', async () => {
  const world = await createStackWorld()
  const foreign = createServer().listen(world.ports.app, '127.0.0.1')
  onTestFinished(() => void foreign.close())
  const terminal = world.run([])
  expect(await terminal.exited).toBe(1)
  expect(terminal.output()).toContain(`Port ${world.ports.app} is taken by`)
  expect(terminal.output()).not.toContain('starting')
})

test('problems with the variables are listed at once, exit code 78', async () => {
  const world = await createStackWorld()
  const terminal = world.run(['--what'], { LOKI_BIN: '/no/loki', GRAFANA_BIN: '/no/grafana', LOKI_PORT: 'x' })
  expect(await terminal.exited).toBe(78)
  for (const name of ['--what', 'LOKI_BIN', 'GRAFANA_BIN', 'LOKI_PORT'])
    expect(terminal.output()).toContain(`- ${name}`)
})

test('--render writes the files and prints the commands, and starts nothing', async () => {
  const world = await createStackWorld()
  const terminal = world.run(['--render'], { PROMETHEUS_BIN: writeProgram(world.folder, 'prom') })
  expect(await terminal.exited).toBe(0)
  expect(terminal.output()).toContain('dist/main.js')
  expect(terminal.output()).toContain(`--config.file=${world.folder}/stack/prometheus/prometheus.yml`)
  expect(world.state()).toBeNull()
})
