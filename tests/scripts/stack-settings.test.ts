import { expect, test } from 'vitest'
import { decideOptions } from '../../scripts/stack/options.ts'
import { addressOf, decideSettings } from '../../scripts/stack/settings.ts'
import { mergeVariables } from '../../scripts/stack/variables.ts'

const settingsOf = (variables: Record<string, string>) => decideSettings('/p', variables)

test('without variables the ports are those of the containers', () => {
  expect(settingsOf({}).settings.ports).toEqual({
    app: 8000,
    prometheus: 9090,
    alertmanager: 9093,
    loki: 3100,
    promtail: 9080,
    grafana: 3000,
  })
})

test.each([
  [{ APP_PORT: '1', PORT: '2' }, 1],
  [{ PORT: '2' }, 2],
])('with %o the app has port %i', (variables, port) => {
  expect(settingsOf(variables).settings.ports.app).toBe(port)
})

test.each(['0', '65536', '80a', '-1', '1e3', ' '])(
  'a port of "%s" is a problem that names its variable',
  text => {
    expect(settingsOf({ LOKI_PORT: text }).problems).toEqual([
      `LOKI_PORT: must be a whole number from 1 to 65535 (it is "${text}")`,
    ])
  },
)

test('two parts on one port are named', () => {
  expect(settingsOf({ GRAFANA_PORT: '3100' }).problems).toEqual(['loki and grafana: both have port 3100'])
})

test.each([
  [undefined, 'http://127.0.0.1:8000'],
  ['0.0.0.0', 'http://127.0.0.1:8000'],
  ['::', 'http://127.0.0.1:8000'],
  ['192.168.1.5', 'http://192.168.1.5:8000'],
  ['::1', 'http://[::1]:8000'],
])('an app that listens on %s is reached at %s', (host, address) => {
  expect(addressOf(settingsOf(host ? { HOST: host } : {}).settings, 'app')).toBe(address)
})

test('the shell wins over .env, also by a synonym, and empty is not set', () => {
  const file = { APP_PORT: '1', LOKI_PORT: '2', GRAFANA_PORT: '3', PUBLIC_URL: '' }
  const shell = { PORT: '9', LOKI_PORT: '8', GRAFANA_PORT: '' }
  expect(mergeVariables(shell, file)).toEqual({ PORT: '9', LOKI_PORT: '8', GRAFANA_PORT: '3' })
})

test('what is asked for is understood', () => {
  expect(decideOptions([]).options).toEqual({
    task: 'up',
    parts: ['prometheus', 'alertmanager', 'loki', 'promtail', 'grafana'],
    app: true,
    detach: false,
  })
  const { options } = decideOptions(['--only', 'loki, prometheus', '--no-app', '--detach'])
  expect(options).toEqual({ task: 'up', parts: ['prometheus', 'loki'], app: false, detach: true })
  expect(decideOptions(['--only', 'app']).options.parts).toEqual([])
})

test.each([
  [['down'], 'down'],
  [['status'], 'status'],
  [['--render'], 'render'],
  [['-h'], 'help'],
] as const)('%o asks for %s', (args, task) => {
  expect(decideOptions(args)).toMatchObject({ options: { task }, problems: [] })
})

test.each([
  [['--onlyy', 'x'], ['--onlyy: unknown option']],
  [['sideways'], ['sideways: must be up, down or status']],
  [
    ['--only', 'loki,nagios'],
    ['--only nagios: there are app, prometheus, alertmanager, loki, promtail, grafana'],
  ],
  [['--only'], ['--only: needs a value']],
  [['down', 'now'], ['now: unexpected argument']],
])('%o is refused', (args, problems) => {
  expect(decideOptions(args).problems).toEqual(problems)
})
