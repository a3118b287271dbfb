import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { decideBroker, decideMqttPort } from '../../scripts/doctor/broker.ts'
import { type Check, isWell, ok, problem, reportText, warning } from '../../scripts/doctor/check.ts'
import { decideEnvFile, decideVariables, linesOf } from '../../scripts/doctor/env-file.ts'
import { decideClock, decideNetwork, decideRoom, decideWritable } from '../../scripts/doctor/places.ts'
import { decidePort } from '../../scripts/doctor/ports.ts'
import { decideDocker, decideProgram } from '../../scripts/doctor/programs.ts'
import { decideBuild, decideNode, decidePackages } from '../../scripts/doctor/project.ts'
import { root } from './stack-world.ts'

const nginx = { pid: 12, program: 'nginx' }

test.each<[string, Check, Check['verdict'], string]>([
  ['Node.js of today', decideNode('v24.1.0', '>=20.19'), 'ok', ''],
  ['the oldest Node.js', decideNode('v20.19.0', '>=20.19'), 'ok', ''],
  ['an older Node.js', decideNode('v20.18.3', '>=20.19'), 'problem', 'npm ci'],
  ['packages as wanted', decidePackages([{ name: 'a', wanted: '1', found: '1' }]), 'ok', ''],
  ['another version', decidePackages([{ name: 'a', wanted: '1', found: '2' }]), 'warning', 'npm ci'],
  ['a missing package', decidePackages([{ name: 'a', wanted: '1', found: null }]), 'problem', 'npm ci'],
  ['no build', decideBuild(null, 5), 'warning', 'npm run build'],
  ['an old build', decideBuild(4, 5), 'warning', 'npm run build'],
  ['a new build', decideBuild(6, 5), 'ok', ''],
  ['a free port', decidePort('app', 8000, null, null), 'ok', ''],
  ['our own app', decidePort('app', 8000, nginx, 'Twinloop 0.1.0'), 'ok', ''],
  ['a taken port of the app', decidePort('app', 8000, nginx, null), 'problem', 'kill 12'],
  ['a taken port of a part', decidePort('loki', 3100, nginx, null), 'warning', 'LOKI_PORT'],
  ['a free port for vehicles', decideMqttPort(1883, null, false), 'ok', ''],
  ['a taken one that nobody asked for', decideMqttPort(1883, nginx, false), 'ok', ''],
  ['a taken one that was asked for', decideMqttPort(1884, nginx, true), 'problem', 'MQTT_PORT'],
  ['a broker that answers', decideBroker('b:1883', null), 'ok', ''],
  ['one that does not', decideBroker('b:1883', 'ECONNREFUSED'), 'warning', 'MQTT_URL'],
  ['a program', decideProgram('loki', '/bin/loki', 'loki, version 3.7.6', 'debian'), 'ok', ''],
  ['an old one', decideProgram('loki', '/bin/loki', 'loki, version 2.9.4', 'debian'), 'warning', 'GitHub'],
  ['one of unknown version', decideProgram('loki', '/bin/loki', 'loki', 'debian'), 'ok', ''],
  ['one that fails', decideProgram('loki', '/bin/loki', null, 'debian'), 'warning', '/bin/loki -version'],
  ['none', decideProgram('prometheus', null, null, 'debian'), 'warning', 'apt-get install prometheus'],
  ['a full disk', decideRoom('room', '/d', 1.9e9), 'warning', 'make room'],
  ['room', decideRoom('room', '/d', 2e9), 'ok', ''],
  ['a folder that refuses', decideWritable('logs', '/d', 'EROFS'), 'problem', 'another place'],
  ['a clock that was reset', decideClock(1970), 'problem', 'set the clock'],
  ['a clock', decideClock(2026), 'ok', ''],
  ['no network', decideNetwork([], undefined, 8000), 'warning', 'join one'],
  ['an app for this machine only', decideNetwork(['10.0.0.2'], '127.0.0.1', 8000), 'warning', 'remove HOST'],
])('%s', (_title, check, verdict, todo) => {
  expect(check.verdict).toBe(verdict)
  expect(check.todo).toContain(todo)
  expect(check.todo === '').toBe(verdict === 'ok')
})

test('the address for phones has the port of the app', () => {
  expect(decideNetwork(['10.0.0.2'], '0.0.0.0', 8001).says).toBe('http://10.0.0.2:8001')
})

test('Docker is three things: a program, Compose, an engine that answers', () => {
  const verdicts = (docker: Parameters<typeof decideDocker>[0]) =>
    decideDocker(docker).map(({ verdict }) => verdict)
  expect(verdicts({ program: null, compose: null, engine: null })).toEqual(['warning'])
  expect(verdicts({ program: '/d', compose: '2.39.1\n', engine: '28.2.2\n' })).toEqual(['ok', 'ok'])
  expect(verdicts({ program: '/d', compose: 'v2.10.0', engine: '\n' })).toEqual(['warning', 'warning'])
})

test('names and lines of .env are found, quotes may span lines', () => {
  const text = '# hi\nA=1\n\nexport B="x\nnot a name\ny" # c\nC = z\nwrong line\n1D=2\nE=\n'
  expect(linesOf(text)).toEqual({ names: ['A', 'B', 'C', 'E'], malformed: [8, 9] })
})

test('what .env says is judged without repeating its values', () => {
  const known = new Set(['PORT'])
  expect(decideEnvFile(null, known)[0]?.verdict).toBe('ok')
  expect(decideEnvFile('PORT=1\nCOMPOSE_PROFILES=x\n', known)[0]?.verdict).toBe('ok')
  const checks = decideEnvFile('PRT=secret\nsecret\n', known)
  expect(checks.map(({ verdict, says }) => [verdict, says])).toEqual([
    ['problem', 'not NAME=value: line 2'],
    ['warning', 'unknown: PRT'],
  ])
})

test('every variable that cannot be used is a problem of its own', () => {
  expect(decideVariables([])[0]?.verdict).toBe('ok')
  expect(decideVariables(['A: x', 'B: y']).map(({ says }) => says)).toEqual(['A: x', 'B: y'])
})

test('warnings do not stop the demo, problems do', () => {
  expect(isWell([ok('a', ''), warning('b', '', 'x')])).toBe(true)
  expect(isWell([ok('a', ''), problem('b', '', 'x')])).toBe(false)
})

test('the report has a line for each check, what to do below it, and the sum', () => {
  expect(reportText([ok('disk', 'room'), problem('port 1', 'taken', 'end it')])).toBe(
    '  ok       disk    room\n  problem  port 1  taken\n                   → end it\n\n1 problem, no warnings.\n',
  )
})

const doctor = (args: string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, ['--import', 'tsx', 'scripts/doctor.ts', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
  })

test('it looks at this machine and answers as JSON too', () => {
  const { stdout, status } = doctor(['--json'], {
    APP_PORT: '8000',
    LOG_LEVEL: 'loud',
    LOKI_PORT: '0',
    LOKI_BIN: '/no/loki',
  })
  const { ok: well, checks } = JSON.parse(stdout)
  expect([well, status]).toEqual([false, 1])
  const problems = checks.filter(({ verdict }: Check) => verdict === 'problem').map(({ says }: Check) => says)
  expect(problems.filter((says: string) => /^(LOG_LEVEL|LOKI_PORT|LOKI_BIN):/.test(says))).toHaveLength(3)
  const names = checks.map(({ name }: Check) => name)
  for (const name of [
    'Node.js',
    'packages',
    'better-sqlite3',
    'build',
    '.env',
    'port 8000 (app)',
    'docker',
    'clock',
    'phones',
  ])
    expect(names).toContain(name)
})

test('help is printed, and what is not understood is named', () => {
  expect(doctor(['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('npm run doctor') })
  expect(doctor(['--fix'])).toMatchObject({ status: 78, stderr: expect.stringContaining('--fix') })
})
