import { expect, test } from 'vitest'
import { appCommand, environmentOf, partCommand } from '../../scripts/stack/commands.ts'
import { partNames, type Service } from '../../scripts/stack/parts.ts'
import { appPushesLogs, decidePart, type Sight } from '../../scripts/stack/plan.ts'
import { decideSettings } from '../../scripts/stack/settings.ts'
import type { Standing } from '../../scripts/stack/table.ts'

const { settings } = decideSettings('/p', { LOKI_PORT: '3101', PRESENTER_TOKEN: 'secret-1', HOME: '/h' })
const sight: Sight = { program: '/bin/loki', listener: null, isThatPart: false, obstacle: null }
const nginx = { pid: 7, program: 'nginx' }

test.each<[string, Partial<Sight>, ReturnType<typeof decidePart>]>([
  ['starts', {}, null],
  ['is not found', { program: null }, { standing: 'not found', why: '' }],
  ['is not ours', { listener: nginx, isThatPart: true }, { standing: 'not ours', why: 'nginx (process 7)' }],
  [
    'is not ours without a program here',
    { program: null, listener: { pid: null, program: null }, isThatPart: true },
    { standing: 'not ours', why: '' },
  ],
  [
    'is skipped for whoever has its port',
    { listener: nginx },
    { standing: 'skipped', why: 'port 3100 is taken by nginx (process 7); end it or set LOKI_PORT' },
  ],
  ['fails without its file', { obstacle: 'x is missing' }, { standing: 'failed', why: 'x is missing' }],
])('a part %s', (_title, seen, decided) => {
  expect(decidePart('loki', 3100, { ...sight, ...seen })).toEqual(decided)
})

test.each(partNames)('%s listens on this machine only', name => {
  const { args, env } = partCommand(name, `/bin/${name}`, settings, '/home/grafana')
  const text = [...args, ...Object.entries(env).map(pair => pair.join('='))].join(' ')
  expect(text).toContain('127.0.0.1')
  expect(text).toContain(String(settings.ports[name]))
  expect(text).not.toContain('0.0.0.0')
})

test("Grafana's older program has no subcommand", () => {
  expect(partCommand('grafana', '/bin/grafana', settings, '/h').args[0]).toBe('server')
  expect(partCommand('grafana', '/bin/grafana-server', settings, '/h').args[0]).toBe('--homepath')
})

test("the app's secrets stay with the app", () => {
  expect(environmentOf('app', settings)).toHaveProperty('PRESENTER_TOKEN')
  expect(environmentOf('loki', settings)).toEqual({ LOKI_PORT: '3101', HOME: '/h' })
})

test.each<[string, Partial<Record<Service, Standing | 'start'>>, boolean]>([
  ['both start', { loki: 'start', promtail: 'start' }, false],
  ['there is no Promtail', { loki: 'start', promtail: 'not found' }, true],
  ['Promtail is not wanted', { loki: 'start' }, true],
  ['Loki runs already', { loki: 'not ours', promtail: 'not found' }, true],
  ['a Promtail runs already', { loki: 'start', promtail: 'not ours' }, false],
  ['there is no Loki', { loki: 'not found', promtail: 'not found' }, false],
])('when %s, the app sends its lines to Loki itself: %o %s', (_title, standings, answer) => {
  const plans = Object.entries(standings).map(([name, standing]) => ({
    row: {
      name: name as Service,
      address: '',
      why: '',
      standing: standing === 'start' ? 'running' : standing,
    },
    command: standing === 'start' ? partCommand('loki', 'loki', settings) : null,
  }))
  expect(appPushesLogs(plans)).toBe(answer)
})

test('an address of Loki that people set is kept', () => {
  expect(appCommand(settings, true).env.LOKI_URL).toBe('http://127.0.0.1:3101')
  const own = decideSettings('/p', { LOKI_URL: 'https://cloud' }).settings
  expect(appCommand(own, true).env).not.toHaveProperty('LOKI_URL')
})
