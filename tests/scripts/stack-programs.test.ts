import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findPrograms, grafanaHome } from '../../scripts/stack/programs.ts'
import { isAtLeast, versionIn } from '../../scripts/stack/versions.ts'
import { temporaryFolder } from '../support/world.ts'
import { writeProgram } from './stack-world.ts'

test('programs are found on PATH by each of their names', () => {
  const folder = temporaryFolder()
  const PATH = `/nowhere:${join(folder, 'bin')}`
  const [alertmanager, server] = ['prometheus-alertmanager', 'grafana-server'].map(name =>
    writeProgram(folder, name),
  )
  chmodSync(writeProgram(folder, 'loki'), 0o644)
  mkdirSync(join(folder, 'bin/promtail'))
  expect(findPrograms({ PATH })).toEqual({
    programs: { prometheus: null, alertmanager, loki: null, promtail: null, grafana: server },
    problems: [],
  })
})

test('a variable wins over PATH, as a path or as a name', () => {
  const folder = temporaryFolder()
  const PATH = join(folder, 'bin')
  writeProgram(folder, 'loki')
  const [other, named] = [writeProgram(folder, 'loki-3'), writeProgram(folder, 'prom-3')]
  const { programs, problems } = findPrograms({ PATH, LOKI_BIN: other, PROMETHEUS_BIN: 'prom-3' })
  expect([programs.loki, programs.prometheus, problems]).toEqual([other, named, []])
})

test('every variable that names no program is listed', () => {
  const { problems } = findPrograms({ LOKI_BIN: '/no/loki', GRAFANA_BIN: 'nograf', PROMTAIL_BIN: '/etc' })
  expect(problems).toEqual([
    'LOKI_BIN: there is no program at "/no/loki"',
    'PROMTAIL_BIN: there is no program at "/etc"',
    'GRAFANA_BIN: there is no program at "nograf"',
  ])
})

test("Grafana's own files are found beside its program, below share, or where GRAFANA_HOME says", () => {
  const folder = temporaryFolder()
  const program = writeProgram(folder, 'grafana')
  const home = (path: string) => {
    mkdirSync(join(folder, path, 'conf'), { recursive: true })
    writeFileSync(join(folder, path, 'conf/defaults.ini'), '')
    return join(folder, path)
  }
  expect(grafanaHome(program, { GRAFANA_HOME: join(folder, 'own') })).toBeNull()
  const share = home('share/grafana')
  expect(grafanaHome(program, {})).toBe(share)
  home('.')
  expect(grafanaHome(program, {})).toBe(folder)
  expect(grafanaHome(program, { GRAFANA_HOME: home('own') })).toBe(join(folder, 'own'))
})

test.each([
  ['prometheus, version 2.42.0+ds (branch: debian/sid)\n  go version: go1.19.8', '2.42.0'],
  ['loki, version 3.7.6 (branch: HEAD)', '3.7.6'],
  ['Version 11.2.0 (commit: abc)', '11.2.0'],
  ['grafana version 13.2.3', '13.2.3'],
  ['Docker version v28.2', '28.2'],
  ['loki, version  (branch: , revision: unknown)\n  go version:       go1.19.8', null],
])('the version in %j is %s', (text, version) => {
  expect(versionIn(text)).toBe(version)
})

test.each([
  ['3.0.0', '3.0.0', true],
  ['3.10.1', '3.9.9', true],
  ['v20.19.0', '20.19', true],
  ['20.18.9', '20.19', false],
  ['2.42.0+ds', '2.42.0', true],
  ['2', '2.0.1', false],
])('%s is at least %s: %s', (version, oldest, answer) => {
  expect(isAtLeast(version, oldest)).toBe(answer)
})
