import fc from 'fast-check'
import { expect, test } from 'vitest'
import { passGate, type Verdict } from '../../scripts/deploy-gate/gate.ts'
import { isExpected, isSameCommit, p95 } from '../../scripts/deploy-gate/judge.ts'
import { processIn } from '../../scripts/deploy-gate/look.ts'
import { decideOptions } from '../../scripts/deploy-gate/options.ts'
import { borrowAndReturn } from '../../scripts/deploy-gate/probe-borrow.ts'
import { rollBack } from '../../scripts/deploy-gate/rollback.ts'
import { createWorld } from '../support/world.ts'
import { type GateWorld, gateWorld, NEW, OLD, type State } from './gate-world.ts'

const problemsOf = (verdict: Verdict) => (verdict.is === 'failed' ? verdict.problems.join('; ') : verdict.is)

test('a release that comes up and stays well passes, after all of the watch', async () => {
  const { gate, seconds, said } = gateWorld(at => (at < 30 ? { ready: 0 } : {}))
  expect(await passGate(gate)).toEqual({ is: 'passed' })
  expect(seconds()).toBe(90)
  expect(said).toContain('up      1.2.3 (aaaaaaaaaaaa) runs and is ready, after 30 s')
})

const whileUp = (state: Partial<State>) => (at: number) => (at >= 20 ? state : {})

test.each<[string, (at: number) => Partial<State>, RegExp, number]>([
  ['that never comes up', () => ({ ready: 0 }), /not up after 180 s: \/readyz: no answer/, 180],
  ['that is never ready', () => ({ ready: 503 }), /not up after 180 s: \/readyz: 503/, 180],
  [
    'that never replaces the old one',
    () => ({ commit: OLD }),
    /1\.2\.3 \(bbbbbbbbbbbb\) runs, not \(aaaa/,
    180,
  ],
  ['that flaps after being ready', at => (at === 12 ? { ready: 503 } : {}), /12 s .*\/readyz: 503/, 12],
  ['that goes away after being ready', whileUp({ ready: 0 }), /20 s .*no answer/, 20],
  ['that the old one takes over from again', whileUp({ commit: OLD }), /bbbb.* runs instead of \(aaaa/, 20],
  ['that answers others with 5xx', whileUp({ serverErrors: 9 }), /2 requests were answered with 5xx/, 20],
  ['that restarts', whileUp({ startedAt: 2000, serverErrors: 0 }), /the server restarted/, 20],
  ['that burns its budget', whileUp({ paging: ['latency'] }), /error budget of latency burns/, 20],
  ['in whose time an incident opens', whileUp({ incidents: [4, 3] }), /incident 4 opened/, 20],
  ['that is slow', () => ({ readyMs: 501 }), /p95 501 ms, allowed are 500 ms/, 60],
])('a release %s fails', async (_name, at, problem, seconds) => {
  const world = gateWorld(at)
  expect(problemsOf(await passGate(world.gate))).toMatch(problem)
  expect(world.seconds()).toBe(seconds)
})

test.each<[string, (at: number) => Partial<State>]>([
  ['5xx and incidents from before', () => ({ serverErrors: 900, incidents: [8, 7] })],
  ['one slow answer in a hundred', at => (at === 30 ? { readyMs: 5000 } : {})],
  ['metrics that are not served to the public', () => ({ metricsHere: false })],
])('%s are not held against it', async (_name, at) => {
  expect(await passGate(gateWorld(at, { watchMs: 120_000 }).gate)).toEqual({ is: 'passed' })
})

test('what cannot be judged is said', async () => {
  const { gate, said } = gateWorld(() => ({ metricsHere: false }))
  await passGate(gate)
  expect(said.find(line => line.startsWith('note'))).toContain('/metrics is not served here')
})

const withBorrow = (at: (seconds: number) => Partial<State>) => {
  let count = 0
  return gateWorld(at, { borrowKey: () => `key-${count++}` })
}

test.each<[string, (at: number) => Partial<State>, RegExp]>([
  ['works', () => ({}), /^passed$/],
  ['finds no seat', () => ({ seats: 0 }), /^passed$/],
  ['is denied, as the last seat was taken meanwhile', () => ({ borrow: 409 }), /^passed$/],
  ['fails', whileUp({ borrow: 500 }), /a borrow of cad_tool: 500/],
  ['cannot be returned', whileUp({ giveBack: 503 }), /503 .*; its seat is still held/],
])('with --probe-borrow, a borrow that %s', async (_name, at, outcome) => {
  const world = withBorrow(at)
  expect(problemsOf(await passGate(world.gate))).toMatch(outcome)
  expect(world.held.size).toBe(/still held/.test(String(outcome)) ? 1 : 0)
})

test('a borrow without an answer is asked again with the same key, so that its seat comes back', async () => {
  let asked = 0
  const world = gateWorld()
  const ask: GateWorld['gate']['ask'] = async (path, init) => {
    const answer = await world.gate.ask(path, init)
    return path === '/licenses/borrow' && asked++ === 0 ? { status: 0, text: 'no answer', ms: 1 } : answer
  }
  expect(await borrowAndReturn(ask, 'k')).toMatchObject({ is: 'failed' })
  expect(world.asked.filter(({ path }) => path === '/licenses/borrow').map(({ key }) => key)).toEqual([
    'k',
    'k',
  ])
  expect(world.held.size).toBe(0)
})

test('a stop ends it with no verdict, and no seat held', async () => {
  const world = withBorrow(at => {
    if (at >= 31) world.stop.abort()
    return {}
  })
  expect(await passGate(world.gate)).toEqual({ is: 'interrupted' })
  expect(world.seconds()).toBe(31)
  expect(world.held.size).toBe(0)
})

test('the real server passes, and its borrow leaves nothing behind but history', async () => {
  const world = createWorld()
  const expected = (await (await world.send('GET', '/version')).json()) as { version: string; commit: string }
  const { gate } = gateWorld()
  const ask: typeof gate.ask = async (path, init) => {
    const headers = Object.fromEntries(new Headers(init?.headers))
    const body = init?.body ? JSON.parse(String(init.body)) : undefined
    const answer = await world.send(init?.method ?? 'GET', path, body, headers)
    return { status: answer.status, text: await answer.text(), ms: 1 }
  }
  const said: string[] = []
  const judged = { ...gate, ask, say: (line: string) => said.push(line) }
  expect(await passGate({ ...judged, expected, borrowKey: () => 'k' })).toEqual({ is: 'passed' })
  expect(said.filter(line => line.startsWith('note'))).toEqual([])
  expect(said.some(line => line.startsWith('borrow'))).toBe(true)
  expect(await (await world.send('GET', '/borrows')).json()).toEqual([])
  expect(problemsOf(await passGate({ ...judged, expected: { ...expected, commit: NEW } }))).toContain(
    'not up after',
  )
})

test('its count of 5xx is found in the real exposition', async () => {
  const world = createWorld()
  const metrics = async () => processIn(await (await world.send('GET', '/metrics')).text())
  const before = await metrics()
  await world.present('PUT', '/faults', { errors: { share: 1 } })
  for (let time = 0; time < 3; time++)
    await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'alice' })
  const after = await metrics()
  expect(before?.serverErrors).toBe(0)
  expect(after).toEqual({ serverErrors: 3, startedAt: before?.startedAt })
})

const back = (world: GateWorld, more = {}) => ({
  command: 'go back',
  run: async () => null,
  timeoutMs: 1000,
  failed: world.gate.expected,
  previous: null,
  waiting: world.gate,
  ...more,
})

test.each([
  ['the old one runs again', () => ({ commit: OLD }), {}, null],
  ['the right old one runs again', () => ({ commit: OLD }), { previous: OLD.slice(0, 7) }, null],
  ['the same commit as before was deployed anew', () => ({}), { previous: NEW }, null],
  ['the failed one stays', () => ({}), {}, /not up after 180 s/],
  ['another one runs', () => ({ commit: 'cccccccccccc' }), { previous: OLD }, /not up after 180 s/],
  ['the old one is not ready', () => ({ commit: OLD, ready: 503 }), {}, /not up after 180 s: \/readyz: 503/],
  [
    'the command fails',
    () => ({ commit: OLD }),
    { run: async () => 'ended with exit code 4' },
    /exit code 4/,
  ],
])('a rollback after which %s', async (_name, at, more, problem) => {
  const world = gateWorld(at)
  const outcome = await rollBack(back(world, more))
  if (problem === null) expect(outcome).toBeNull()
  else expect(outcome).toMatch(problem)
})

test.each([
  [['--url', 'ftp://x', '--commit', NEW], ['--url: must be an http or https address']],
  [['--url', 'http://x'], ['--commit or --version: one of them is needed']],
  [
    ['--commit', 'no'],
    ['--commit: must be 7 to 40', '--url: is needed'],
  ],
  [
    ['--url', 'http://x', '--commit', NEW, '--for', 'x', '--nope', 'y'],
    ['--nope', '--for: must'],
  ],
])('%j is not understood, and every reason is told', (args, reasons) => {
  const { problems } = decideOptions(args)
  expect(problems).toHaveLength(reasons.length)
  for (const reason of reasons) expect(problems.join('\n')).toContain(reason)
})

test('no flags but the address and the commit are needed', () => {
  const { options, problems } = decideOptions(['--url', 'https://x.example', '--commit', NEW])
  expect(problems).toEqual([])
  expect(options).toMatchObject({ forSeconds: 60, timeoutSeconds: 180, probeBorrow: false, rollback: null })
})

test('a commit is known by its first digits, and by no fewer than seven', () => {
  const digits = fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 40, maxLength: 40 })
  fc.assert(
    fc.property(digits, fc.integer({ min: 1, max: 40 }), (all, length) => {
      const commit = all.join('')
      expect(isSameCommit(commit, commit.slice(0, length))).toBe(length >= 7)
      const other = (commit[0] === 'a' ? 'b' : 'a') + commit.slice(1)
      expect(isSameCommit(commit, other)).toBe(false)
    }),
  )
  expect(isExpected({ version: '1.2.4', commit: NEW }, { version: '1.2.3', commit: NEW })).toBe(false)
})

test('at most five of a hundred are above the p95', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10_000), { minLength: 1, maxLength: 300 }), times => {
      const above = times.filter(time => time > p95(times)).length
      expect(above / times.length).toBeLessThanOrEqual(0.05)
      expect(times).toContain(p95(times))
    }),
  )
})
