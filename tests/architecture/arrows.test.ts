import { expect, test } from 'vitest'
import { codeOf, type SourceFile, sourceFiles } from './source.ts'

const all = sourceFiles('src')
const server = all.filter(({ path }) => !path.startsWith('src/web/'))
const roomOf = (path: string) => path.split('/')[1] ?? ''
const isFile = (target: string) => target.startsWith('src/')

const features = ['licensing', 'delivery', 'fleet', 'estate', 'race', 'scenarios', 'stage']
/** What is made from the code and never runs in the server. */
const generators = ['rules', 'dashboards']
const foundations = ['shared', 'config', 'db', 'observability', 'http']
/** The wire that devices talk by, and how what they say is taken over. */
const devices = ['mqtt', 'ingest']

/** Which rooms a room may import from, beside itself. */
const arrows: Record<string, string[]> = {
  shared: [],
  config: ['shared'],
  db: ['shared'],
  observability: ['shared'],
  http: ['observability', 'shared'],
  vehicle: ['shared'],
  machine: ['shared'],
  mqtt: ['shared'],
  ingest: ['mqtt', 'db', 'shared'],
  ...Object.fromEntries(features.map(feature => [feature, foundations])),
  fleet: [...foundations, ...devices, 'vehicle'],
  estate: [...foundations, ...devices, 'machine'],
  // Scenarios come with the queries that show them, so they are made from the tables of metrics.
  scenarios: [...foundations, 'telemetry.ts'],
  // A second fleet with its server, in a thread: it is put together from the doors of both.
  'fleet-twin': ['fleet', 'simulator', ...foundations, ...devices, 'vehicle'],
  'app.ts': [...features, ...foundations, 'mqtt', 'simulator', 'wiring'],
  // What one feature needs of others, as app.ts hands it over.
  wiring: [...features, ...foundations, 'mqtt', 'vehicle', 'machine', 'simulator', 'fleet-twin'],
  // A stage of the estate's pipeline in a process of its own.
  'stage-alone': ['estate', 'simulator', 'machine', 'mqtt', ...foundations],
  'estate-stage.ts': ['stage-alone', 'config', 'shared'],
  // What features keep in which file, and how new it is; nothing of the server runs.
  backup: ['licensing', 'delivery', 'race', 'stage', 'fleet', 'estate', 'config', 'db', 'shared'],
  'backup.ts': ['backup', 'config', 'shared'],
  'restore.ts': ['backup', 'config', 'shared'],
  simulator: ['shared', 'vehicle', 'machine'],
  'telemetry.ts': [...features, 'http', 'observability', 'shared'],
  rules: ['telemetry.ts', 'delivery', 'shared'],
  dashboards: ['telemetry.ts', 'rules', 'delivery', 'observability', 'shared'],
  'welcome.ts': ['config', 'shared'],
  'main.ts': ['app.ts', 'welcome.ts', 'config', 'shared'],
  // It runs in other people's programs, so it leans on nothing.
  client: [],
  cli: ['client', 'shared'],
  'cli.ts': ['cli', 'config', 'shared'],
}

test('imports follow the arrows of the house', () => {
  const wrong = server.flatMap(({ path, imports }) => {
    const room = roomOf(path)
    const allowed = [room, ...(arrows[room] ?? [])]
    return imports
      .filter(({ target }) => isFile(target) && !allowed.includes(roomOf(target)))
      .map(({ target }) => `${path} imports ${target}; ${room} may import ${allowed.join(', ')}`)
  })
  expect(wrong, 'what a room may lean on is decided in tests/architecture/arrows.test.ts').toEqual([])
})

test('every room has a place in the plan', () => {
  const rooms = new Set(server.map(({ path }) => roomOf(path)))
  expect([...rooms].filter(room => !(room in arrows))).toEqual([])
})

test('a feature is entered by its index only, or its tables of facts by what is generated', () => {
  const facts = /\/(metrics|objectives)\.ts$/
  const generated = (path: string) => generators.includes(roomOf(path)) || roomOf(path) === 'telemetry.ts'
  const wrong = server.flatMap(({ path, imports }) =>
    imports
      .map(({ target }) => target)
      .filter(target => features.includes(roomOf(target)) && roomOf(target) !== roomOf(path))
      .filter(target => !(generated(path) ? facts.test(target) : target.endsWith('/index.ts')))
      .map(target => `${path} imports ${target}: hand it out by index.ts`),
  )
  expect(wrong).toEqual([])
})

test('rules import other rules and shared words only, so they stay free of I/O', () => {
  const rules = ['pool.ts', 'usage.ts', 'shapes.ts', 'configure.ts', 'expire.ts', 'borrow.ts', 'return.ts']
  const allowed = [...rules, 'renew.ts', 'revoke.ts', 'decide.ts', 'ledger.ts', 'working-set.ts', 'api.ts']
  const wrong = all
    .filter(({ path }) => rules.some(rule => path === `src/licensing/${rule}`))
    .flatMap(({ path, imports }) =>
      imports
        .map(({ target }) => target)
        .filter(
          target => roomOf(target) !== 'shared' && !allowed.some(name => target === `src/licensing/${name}`),
        )
        .map(target => `${path} imports ${target}`),
    )
  expect(wrong).toEqual([])
})

test('the client imports nothing but itself, so it runs wherever there is fetch', () => {
  const wrong = all
    .filter(({ path }) => path.startsWith('src/client/'))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => !target.startsWith('src/client/'))
        .map(({ target }) => `${path} imports ${target}`),
    )
  expect(wrong).toEqual([])
})

test('browser code takes types from the server and nothing else', () => {
  const wrong = all
    .filter(({ path }) => path.startsWith('src/web/'))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ target, typeOnly }) => isFile(target) && !target.startsWith('src/web/') && !typeOnly)
        .map(({ target }) => `${path} imports ${target}: a value of the server would enter the page`),
    )
  expect(wrong).toEqual([])
})

interface Absence {
  what: string
  pattern: RegExp
  allowed: (path: string) => boolean
  why: string
}

const absences: Absence[] = [
  {
    what: 'process.env',
    pattern: /process\.env/,
    // The second process, the command line, hands its environment in from its own edge.
    allowed: path => path === 'src/config/env.ts' || path === 'src/cli.ts',
    why: 'the environment is read in one step',
  },
  {
    what: 'console',
    pattern: /\bconsole\./,
    allowed: () => false,
    why: 'a line without an event cannot be found again: use the log',
  },
  {
    what: 'the wall clock and chance',
    pattern: /Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(/,
    // The client cannot take the server's clock along: its own is in one file.
    allowed: path => path.startsWith('src/shared/') || path === 'src/client/surroundings.ts',
    why: 'time and chance are passed in, so tests own them',
  },
]

test.each(absences)('$what stays in its place', ({ pattern, allowed, why }) => {
  const wrong = server
    .filter(({ path, text }) => pattern.test(codeOf(text)) && !allowed(path))
    .map(({ path }) => path)
  expect(wrong, why).toEqual([])
})

const packages: { name: RegExp; allowed: (path: string) => boolean; why: string }[] = [
  {
    name: /^better-sqlite3/,
    allowed: path => path === 'src/db/driver.ts',
    why: 'which release is loaded depends on the Node that runs',
  },
  {
    name: /^drizzle-orm/,
    allowed: path => path.startsWith('src/db/') || /(store|schema)\.ts$/.test(path),
    why: 'every query is in a store',
  },
  {
    name: /^prom-client/,
    allowed: path => path === 'src/observability/metrics.ts',
    why: 'metrics are tables',
  },
  {
    name: /^(hono|@hono\/)/,
    allowed: path => path.startsWith('src/http/') || /(routes|app)\.ts$/.test(path),
    why: 'what is decided does not know HTTP',
  },
  { name: /^pino/, allowed: path => path.startsWith('src/observability/'), why: 'there is one log' },
]

test.each(packages)('$name is imported where it belongs', ({ name, allowed, why }) => {
  const usesIt = ({ imports }: SourceFile) => imports.some(({ target }) => name.test(target))
  expect(
    server.filter(file => usesIt(file) && !allowed(file.path)).map(({ path }) => path),
    why,
  ).toEqual([])
})

test('no file is too long to be read at once', () => {
  const long = [...all, ...sourceFiles('scripts')]
    .map(({ path, text }) => ({ path, lines: text.split('\n').length }))
    .filter(({ lines }) => lines > 250)
  expect(long).toEqual([])
})
