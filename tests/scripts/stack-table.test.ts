import { expect, test } from 'vitest'
import { clashText } from '../../scripts/stack/app-port.ts'
import { commandLine } from '../../scripts/stack/commands.ts'
import { howToGet } from '../../scripts/stack/get.ts'
import { farewell, type Row, tableText } from '../../scripts/stack/table.ts'

const rows: Row[] = [
  { name: 'app', address: 'http://localhost:8000', standing: 'running', why: '' },
  { name: 'prometheus', address: 'http://localhost:9090', standing: 'not ours', why: '' },
  { name: 'alertmanager', address: 'http://localhost:9093', standing: 'failed', why: 'exit code 1' },
  { name: 'loki', address: 'http://localhost:3100', standing: 'not found', why: '' },
]

test('the table has one line for each part, in columns', () => {
  expect(tableText(rows)).toBe(
    [
      '  part          address                state',
      '  app           http://localhost:8000  running',
      '  prometheus    http://localhost:9090  already running, not ours',
      '  alertmanager  http://localhost:9093  failed: exit code 1',
      '  loki          –                      not found',
      '',
    ].join('\n'),
  )
})

test('what is missing is got by packages where there are some, else from pages', () => {
  const debian = howToGet(['prometheus', 'alertmanager', 'loki'], 'debian')
  expect(debian).toContain('The demo runs without prometheus, alertmanager, loki.')
  expect(debian).toContain('  apt-get install prometheus prometheus-alertmanager\n')
  expect(debian).toContain('  loki: from the releases of Loki on GitHub')
  expect(howToGet(['loki', 'promtail', 'grafana'], 'macos')).toContain(
    '  brew install loki promtail grafana\n',
  )
  expect(howToGet(['prometheus', 'alertmanager'], 'other')).toContain('  prometheus, alertmanager: from ')
  expect(howToGet([], 'debian')).toBe('')
})

test('the end says where to look, what to paste, how to stop', () => {
  const text = farewell(rows, 'http://localhost:8000/presenter?token=t', false)
  expect(text).toContain(
    'Look:   http://localhost:8000   http://localhost:8000/presenter?token=t (presenter)\n',
  )
  expect(text).toContain('(PromQL, at http://localhost:9090)')
  expect(text).toContain('{job="license-server"} | json')
  expect(text).toMatch(/Stop: {3}Ctrl-C\n$/)
  expect(farewell(rows, null, true)).toMatch(/Stop: {3}npm run stack -- down\n$/)
})

test('a port of the app that is taken is named with the program that has it, and what to do', () => {
  const foreign = clashText(8000, { pid: 12, program: 'nginx' }, null)
  expect(foreign).toContain('Port 8000 is taken by nginx (process 12).')
  expect(foreign).toContain('kill 12')
  expect(foreign).toContain('APP_PORT=8001 npm run stack')
  expect(foreign).not.toContain('--no-app')
  const own = clashText(8000, { pid: 12, program: 'node dist/main.js' }, '0.1.0')
  expect(own).toContain('It is Twinloop 0.1.0. To watch it: npm run stack -- --no-app')
})

test('a command can be pasted into a shell', () => {
  const command = { program: '/a b/loki', args: ["-x='y'", '--flag=1', ''], env: { URL: 'http://h:1/?a=$b' } }
  expect(commandLine(command)).toBe("URL='http://h:1/?a=$b' '/a b/loki' '-x='\\''y'\\''' --flag=1 ''")
})
