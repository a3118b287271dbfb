import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Database } from '../../src/db/driver.ts'
import { runProgram, runToEnd } from '../support/program.ts'
import { temporaryFolder } from '../support/world.ts'

/** A port that another program holds. */
async function takenPort(): Promise<number> {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => other.once('listening', resolve))
  onTestFinished(() => void other.close())
  return (other.address() as { port: number }).port
}

const STACK = /\n\s+at |node:internal|Error:/

test('a bad configuration: exit 78, every problem at once on stderr, no stack, no secret, nothing made', async () => {
  const env = { PORT: 'abc', RATE_LIMIT: '-1', LOG_LEVEL: 'loud', PRESENTER_TOKEN: 'my secret' }
  const { code, stderr, stdout } = await runToEnd(env, ['--bogus'])
  expect(code).toBe(78)
  for (const name of ['PORT', 'RATE_LIMIT', 'LOG_LEVEL', 'PRESENTER_TOKEN', '--bogus'])
    expect(stderr).toContain(`- ${name}: `)
  expect(stderr).toMatch(/Try: .*--help/)
  expect(stderr).not.toMatch(STACK)
  expect(stderr).not.toContain('my secret')
  expect(stdout).toBe('')
})

test('--help prints help to stdout and starts nothing, whatever the environment', async () => {
  const { code, stdout, stderr } = await runToEnd({ PORT: 'abc' }, ['--help'])
  expect([code, stderr]).toEqual([0, ''])
  for (const name of ['PORT', 'LICENSE_DB_PATH', 'PRESENTER_TOKEN', '--db']) expect(stdout).toContain(name)
})

test('--version prints version and commit', async () => {
  const { code, stdout, stderr } = await runToEnd({ PORT: 'abc' }, ['--version'])
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^\d+\.\d+\.\d+ \([\w]+\)\n$/)
})

test('a port that is in use: a clear message with a way out, no stack', async () => {
  const port = await takenPort()
  const { code, stderr } = await runToEnd({ PORT: String(port) })
  expect(code).toBe(1)
  expect(stderr).toContain(`Port ${port} is in use`)
  expect(stderr).toContain(`--port ${port + 1}`)
  expect(stderr).not.toMatch(STACK)
})

test('a METRICS_PORT that is in use: the same, and the process ends', async () => {
  const port = await takenPort()
  const { code, stderr } = await runToEnd({ METRICS_PORT: String(port) })
  expect(stderr).toContain(`Port ${port} is in use`)
  expect(stderr).toContain('METRICS_PORT')
  expect(stderr).not.toMatch(STACK)
  expect(code).toBe(1)
})

test('an address that this machine does not have', async () => {
  const { code, stderr } = await runToEnd({ HOST: '192.0.2.77' })
  expect(code).toBe(1)
  expect(stderr).toContain('no address 192.0.2.77')
  expect(stderr).not.toMatch(STACK)
})

const databases: [string, (folder: string) => string, RegExp][] = [
  [
    'in a folder that is missing',
    folder => join(folder, 'nowhere', 'l.db'),
    /folder .* does not exist.*\n.*mkdir -p/,
  ],
  ['that is a folder', folder => folder, /cannot be opened/],
  [
    'that is no database',
    folder => {
      writeFileSync(join(folder, 'text.db'), 'this is no database, '.repeat(100))
      return join(folder, 'text.db')
    },
    /not a SQLite database/,
  ],
  [
    'of another program',
    folder => {
      const path = join(folder, 'other.db')
      const other = new Database(path)
      other.exec('CREATE TABLE licenses (tool TEXT PRIMARY KEY, total INTEGER)')
      other.close()
      return path
    },
    /made by another program.*licenses/,
  ],
  [
    'of a newer version',
    folder => {
      const path = join(folder, 'newer.db')
      const newer = new Database(path)
      newer.exec(
        "CREATE TABLE twinloop_migrations (feature TEXT, step INTEGER); INSERT INTO twinloop_migrations VALUES ('licensing', 99)",
      )
      newer.close()
      return path
    },
    /newer version.*step 99/,
  ],
]
test.each(databases)(
  'a database %s: a clear message with a way out, no stack, exit 1',
  async (_title, make, message) => {
    const path = make(temporaryFolder())
    const { code, stderr } = await runToEnd({ LICENSE_DB_PATH: path })
    expect(stderr).toMatch(message)
    expect(stderr).toContain('Try: ')
    expect(stderr).not.toMatch(STACK)
    expect(code).toBe(1)
  },
)

test('the database of another program is left as it was', async () => {
  const path = join(temporaryFolder(), 'other.db')
  const other = new Database(path)
  onTestFinished(() => void other.close())
  other.exec("CREATE TABLE licenses (tool TEXT); INSERT INTO licenses VALUES ('cad')")
  await runToEnd({ LICENSE_DB_PATH: path })
  const tables = other.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()
  expect(tables).toEqual(['licenses'])
})

test.each([
  [
    'is a folder',
    (folder: string) => {
      mkdirSync(join(folder, 'logs'))
      return join(folder, 'logs')
    },
  ],
  [
    'lies under a file',
    (folder: string) => {
      writeFileSync(join(folder, 'file'), '')
      return join(folder, 'file', 'app.log')
    },
  ],
])(
  'a LOG_FILE that %s: a clear message, no stack, or lines that are counted as lost',
  async (_title, make) => {
    const program = runProgram({ LOG_FILE: make(temporaryFolder()) })
    const port = await program.port().catch(() => null)
    expect(program.stderr()).not.toMatch(STACK)
    if (port === null) return expect(program.stderr()).toContain('Try: ')
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    expect(metrics).toMatch(/^log_write_failures_total\{output="file"\} [1-9]/m)
    expect(program.stderr()).not.toMatch(STACK)
  },
)
