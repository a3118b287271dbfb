/** What somebody gets who installs the package: the client with its types, and the command. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { waitFor } from '../support/wait-for.ts'
import { listening, ok, statusOf } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)
let installed: string
let cleanUp = () => {}
afterAll(() => cleanUp())

const consumer = `
import { createClient, Denied, type PoolStatus, type Seat } from 'twinloop/client'

const client = createClient({ url: new URL(globalThis.location?.href ?? 'http://localhost:8000').origin, retry: { attempts: 2 } })

export async function work(tool: string): Promise<number> {
  try {
    await using seat: Seat = await client.borrow({ tool, user: 'alice', waitMs: 1000 })
    seat.signal.throwIfAborted()
    const ends: Date | null = seat.expiresAt
    const pool: PoolStatus = await client.status(seat.tool)
    // @ts-expect-error there is no such field
    pool.nothing
    return ends === null ? pool.free : ends.getTime()
  } catch (error) {
    if (error instanceof Denied && error.reason === 'exhausted') return 0
    throw error
  }
}

for await (const { pools } of client.watch({ everyMs: 1000 })) pools.map(({ free }) => free)
`

const compilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
  target: 'es2022',
  types: [],
  lib: ['es2022', 'dom'],
}

/** A project that has installed the packed package, and nothing else. */
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
  cleanUp = () => rmSync(folder, { recursive: true, force: true })
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    maxBuffer: 1e8,
  })
  const [{ filename }] = JSON.parse(stdout)
  installed = join(folder, 'node_modules/twinloop')
  mkdirSync(installed, { recursive: true })
  await run('tar', ['xzf', join(folder, filename), '-C', installed, '--strip-components=1'])
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'consumer.ts'), consumer)
})

test.each([
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
])('a strict compiler accepts the declarations, with $moduleResolution', async modules => {
  const folder = join(installed, '../..')
  const config = join(folder, `tsconfig.${modules.moduleResolution}.json`)
  const options = { ...compilerOptions, ...modules }
  writeFileSync(config, JSON.stringify({ compilerOptions: options, files: ['consumer.ts'] }))
  const { stdout } = await run(join(root, 'node_modules/.bin/tsc'), ['-p', config]).catch(error => error)
  expect(stdout).toBe('')
})

test('the declarations are those of the client only, and the private parts are not packed', () => {
  const declared = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.d.ts'))
    .map(name => name.split('/')[0])
  expect(new Set(declared)).toEqual(new Set(['client']))
  for (const name of ['src', 'tests', 'licenses.db', 'fleet.db.key', '.env'])
    expect(existsSync(join(installed, name)), name).toBe(false)
})

test('a program borrows and gives back by the package, without any other', async () => {
  const world = createWorld()
  const { origin } = await listening(world)
  const script = `
    import { createClient } from 'twinloop/client'
    const client = createClient({ url: process.argv[2] })
    const held = await client.withSeat({ tool: 'cad_tool', user: 'alice' }, () => client.status('cad_tool'))
    const { borrowed } = await client.status('cad_tool')
    console.log(held.borrowed, borrowed)`
  const file = join(installed, '../../program.mjs')
  writeFileSync(file, script)
  const { stdout } = await run(process.execPath, [file, origin])
  expect(stdout).toBe('1 0\n')
})

test('the installed command holds a seat until SIGTERM has ended its command', async () => {
  const world = createWorld()
  const { origin } = await listening(world)
  const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  const command = join(installed, bin.twinloop)
  expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  const held = ['borrow', 'cad_tool', '--user', 'bob', '--', process.execPath, '-e']
  const program = 'console.log(process.env.TWINLOOP_TOOL); process.stdin.pipe(process.stdout)'
  const child = spawn(process.execPath, [command, ...held, program], {
    env: { PATH: process.env.PATH, TWINLOOP_URL: origin },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let stdout = ''
  child.stdout.on('data', chunk => {
    stdout += chunk
  })
  child.stdin.write('hello\n')
  await waitFor(() => stdout === 'cad_tool\nhello\n', 20_000)
  expect(await ok(world.send('GET', '/borrows'))).toMatchObject([{ tool: 'cad_tool', user: 'bob' }])
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([143, null])
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
})

test('the client bundles for browsers, with nothing of Node.js and nothing left out', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, 'src/client/index.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  expect(Object.keys(metafile.inputs).every(path => path.includes('src/client/'))).toBe(true)
  expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([])
  expect(outputFiles[0]?.text).not.toMatch(/\bprocess\b|\bBuffer\b|node:/)
})
