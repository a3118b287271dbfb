/** The loop without running it: what it was asked for, its plan, its steps, its words. The whole of it takes minutes. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { deploymentText, figuresText, spanText } from '../../scripts/devops-loop/figures.ts'
import { decideOptions, flags, testSets } from '../../scripts/devops-loop/options.ts'
import { planOf } from '../../scripts/devops-loop/plan.ts'
import { createProgress } from '../../scripts/devops-loop/progress.ts'
import { runLogged } from '../../scripts/devops-loop/run-logged.ts'
import { seeBorrowThrough } from '../../scripts/devops-loop/seen-through.ts'
import { isGood, runSteps, type Step, tableOf } from '../../scripts/devops-loop/steps.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitFor } from '../support/wait-for.ts'
import { ok } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'
import { root } from './stack-world.ts'

const script = join(root, 'scripts/local-devops-loop')
const loop = (...args: string[]) => spawnSync(script, args, { encoding: 'utf8' })
const optionsOf = (...args: string[]) => decideOptions(args, true).options

test('without flags: quick tests, port 8000, a minute of traffic, and it runs until Ctrl-C', () => {
  expect(decideOptions([], true)).toEqual({
    problems: [],
    options: {
      tests: 'quick',
      engine: null,
      port: 8000,
      seconds: 60,
      rate: 20,
      afterwards: 'wait',
      data: '.devops-loop',
      dryRun: false,
    },
  })
})

test('where nobody can press Ctrl-C it stops at the end, unless it is to be kept', () => {
  expect(decideOptions([], false).options.afterwards).toBe('stop')
  expect(decideOptions(['--keep'], false).options.afterwards).toBe('keep')
})

test.each([
  [['--tests', 'some'], /--tests: must be none, quick, full/],
  [['--native', '--compose'], /only one of them/],
  [['--keep', '--stop'], /only one of them/],
  [['--port', '99999'], /--port: must be a whole number from 1 to 65535/],
  [['--port', '80.5'], /--port: must be a whole number/],
  [['--rate'], /--rate: needs a value/],
  [['--what'], /--what: unknown option/],
  [['what'], /what: unexpected argument/],
])('%j is not understood', (args, problem) => {
  expect(decideOptions(args, true).problems.join('\n')).toMatch(problem)
})

test('the plan is the loop, in this order, whatever is asked for', () => {
  const sets = fc.constantFrom(...testSets)
  const engines = fc.constantFrom('native' as const, 'compose' as const)
  fc.assert(
    fc.property(sets, engines, fc.boolean(), (tests, engine, skip) => {
      const plan = planOf(optionsOf(...(skip ? ['--skip-tests'] : ['--tests', tests])), engine)
      expect(plan.map(({ name }) => name).join(' ')).toBe(
        'install verify build tests start gate traffic borrow figures',
      )
      const skipped = plan.filter(({ skipped }) => skipped).map(({ name }) => name)
      expect(skipped).toEqual(skip || tests === 'none' ? ['tests'] : [])
      expect(plan.find(({ name }) => name === 'start')?.command?.[0]).toBe(
        engine === 'native' ? 'npm' : 'docker',
      )
    }),
  )
})

test('what the plan names is there: npm scripts, and folders of tests', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const { command, what } of planOf(optionsOf(), 'native')) {
    const name = /npm run --silent (\S+)/.exec(what)?.[1]
    if (name) expect(scripts).toHaveProperty(name)
    for (const folder of command?.filter(word => word.startsWith('tests/')) ?? [])
      expect(existsSync(join(root, folder)), folder).toBe(true)
  }
})

const clocked = () => {
  const clock = fakeClock()
  const said: string[] = []
  const stop = new AbortController()
  const takes = (name: string, seconds: number, note: string | null = ''): Step => ({
    name,
    run: async () => {
      clock.advance(seconds * 1000)
      return note
    },
  })
  const run = (steps: Step[]) =>
    runSteps(steps, { now: clock.monotonic, say: line => said.push(line), stopping: stop.signal })
  return { said, stop, takes, run }
}
const fails = (name: string): Step => ({ name, run: () => Promise.reject(new Error('no room')) })

test('each step is timed, and the table has the sum', async () => {
  const { takes, run } = clocked()
  const rows = await run([takes('build', 12.34), takes('tests', 0, null), takes('start', 3)])
  expect(isGood(rows)).toBe(true)
  expect(tableOf(rows).split('\n')).toEqual([
    '  step       seconds  result',
    '  build         12.3  ok',
    '  tests            –  skipped',
    '  start          3.0  ok',
    '  all           15.3  ok',
    '',
  ])
})

test('a step that fails says why and ends the loop', async () => {
  const { takes, run, said } = clocked()
  const rows = await run([takes('build', 1), fails('start'), takes('gate', 1)])
  expect(rows.map(({ result }) => result)).toEqual(['ok', 'failed', 'not reached'])
  expect(said.at(-1)).toBe('  failed after 0.0 s: no room')
  expect(isGood(rows)).toBe(false)
  expect(tableOf(rows)).toMatch(/all +1\.0 {2}failed/)
})

test('a stop ends the step that runs, and no other begins', async () => {
  const { takes, run, stop } = clocked()
  const waits: Step = {
    name: 'tests',
    run: () => new Promise((_, reject) => stop.signal.addEventListener('abort', reject)),
  }
  const rows = run([waits, takes('start', 1)])
  stop.abort()
  expect((await rows).map(({ result }) => result)).toEqual(['stopped', 'not reached'])
})

const way = (stopping = new AbortController().signal) => ({
  cwd: root,
  env: process.env,
  log: join(temporaryFolder(), 'logs/step.log'),
  progress: () => {},
  stopping,
  hurry: new AbortController().signal,
})

test('a command that fails shows the end of its output', async () => {
  const command = ['sh', '-c', 'seq 1 100; echo it is broken >&2; exit 3']
  const failure = await runLogged(command, way()).catch((error: Error) => error.message)
  expect(failure).toContain('exit code 3')
  expect(failure).toMatch(/\| 100\n +\| it is broken$/)
  expect(failure).not.toContain('| 50\n')
})

test('a command that is stopped ends, and what it started', async () => {
  const stop = new AbortController()
  const folder = temporaryFolder()
  const started = join(folder, 'pid')
  const run = runLogged(['sh', '-c', `sleep 600 & echo $! > ${started}; wait`], way(stop.signal)).catch(
    () => 'ended',
  )
  await waitFor(() => existsSync(started) && readFileSync(started, 'utf8').trim() !== '')
  stop.abort()
  expect(await run).toBe('ended')
  const pid = Number(readFileSync(started, 'utf8'))
  const isGone = () => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
    } catch {
      return true
    }
  }
  await waitFor(isGone)
})

test('progress is one line on a terminal, and a line now and then elsewhere', () => {
  for (const isTerminal of [true, false]) {
    const clock = fakeClock()
    let written = ''
    const progress = createProgress(text => (written += text), isTerminal, clock.monotonic)
    for (let second = 0; second < 40; second++) {
      clock.advance(1000)
      progress.show('\u001b[32mok\u001b[39m a test')
    }
    progress.say('done')
    expect(written.split('\n').length - 1).toBe(isTerminal ? 1 : 3)
    expect(written).toContain('40 s  ok a test'.replace('40', isTerminal ? '40' : '30'))
    expect(written).not.toContain('[32m')
  }
})

/** The app of a test, at a socket. */
async function atSocket(world: ReturnType<typeof createWorld>): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    )
    const body = text === '' ? undefined : JSON.parse(text)
    const answer = await world.send(request.method ?? 'GET', request.url ?? '/', body, headers)
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(await answer.text())
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a borrow and its return are seen in the list, the metric and the log', async () => {
  const world = createWorld()
  const url = await atSocket(world)
  const log = async () =>
    world
      .lines()
      .map(line => JSON.stringify(line))
      .join('\n')
  expect(await seeBorrowThrough(url, log, 'x')).toMatch(
    /listed, returned, counted \(.* 1\), in the log after/,
  )
  expect(await (await world.send('GET', '/borrows')).json()).toEqual([])
})

test.each([
  [0.4, '0.4 s'],
  [90, '1.5 min'],
  [5400, '1.5 h'],
  [129_600, '1.5 d'],
  [null, 'no data'],
])('%s s are told as %s', (seconds, text) => expect(spanText(seconds)).toBe(text))

test('the figures and the deployment are those of the server', async () => {
  const world = createWorld()
  const began = world.clock.now() - 1
  await world.app.start()
  const { deployments } = await ok(world.send('GET', '/deployments'))
  const [{ id, version, commit }] = deployments
  const start = `deployment ${id}: ${version} (${commit})`
  expect(deploymentText(deployments, began)).toBe(`${start}, new, lead time no data`)
  expect(deploymentText(deployments, began + 1000)).toBe(
    `${start}, the same as before: a new row needs a new commit`,
  )
  const committed = new Date(world.clock.now() - 90_000).toISOString()
  const known = [{ ...deployments[0], committed_at: committed }]
  expect(deploymentText(known, began)).toBe(`${start}, new, lead time 1.5 min`)
  const kpis = await ok(world.send('GET', '/delivery/kpis'))
  expect(figuresText(kpis)).toMatch(
    /deployments in 30 days +1\n.*frequency +0\.03 a day\n.*lead time.* no data/,
  )
})

test('it is a program, and Bash can read it', () => {
  expect(statSync(script).mode & 0o111).toBe(0o111)
  execFileSync('bash', ['-n', script])
})

test('--help names every option, and says what is the default', () => {
  const { status, stdout } = loop('--help')
  expect(status).toBe(0)
  for (const name of Object.keys(flags)) expect(stdout).toMatch(new RegExp(`^ +--${name}\\b`, 'm'))
  expect(stdout.match(/^ +--[\w-]+/gm)?.length).toBe(Object.keys(flags).length)
})

test('--dry-run prints the plan and does nothing', () => {
  const data = join(temporaryFolder(), 'data')
  const { status, stdout } = loop('--dry-run', '--native', '--skip-tests', '--data', data)
  expect(status).toBe(0)
  expect(stdout.match(/^\d\. \w+/gm)?.length).toBe(9)
  expect(stdout).toMatch(/tests +skipped/)
  expect(existsSync(data)).toBe(false)
})

test.each([['--nope'], ['--port', 'x']])('%s %s ends with 64 before anything is done', (...args) => {
  const { status, stderr } = loop(...args)
  expect(status).toBe(64)
  expect(stderr).toContain('Try: scripts/local-devops-loop --help')
})
