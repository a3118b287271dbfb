/** The built commands beside the built server, and killed at any moment. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { isBackupName } from '../../src/backup/name.ts'
import { checkDatabase } from '../../src/db/check-file.ts'
import { startServer } from '../support/killable-server.ts'
import { assertInvariants, brokenInvariants } from '../support/ledger-invariants.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitFor } from '../support/wait-for.ts'
import { addBallast, backUpOf, borrowOf, borrowsIn, ledgerOn, placesIn, someFiles } from './server-files.ts'

const dist = fileURLToPath(new URL('../../dist/', import.meta.url))

// Four processes and more, each of which may start slowly beside other tests.
vi.setConfig({ testTimeout: 120_000 })

/** Starts `backup` or `restore`; its end tells the exit code and what it wrote. */
function start(command: 'backup' | 'restore', args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(dist, `${command}.js`), ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', part => (stdout += part))
  child.stderr.on('data', part => (stderr += part))
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>(resolve =>
    child.once('close', code => resolve({ code, stdout, stderr })),
  )
  return { child, ended }
}
const run = (...args: Parameters<typeof start>) => start(...args).ended

test('beside a server under load a backup holds what was answered, a restore is refused, and no borrow fails', async () => {
  const db = join(temporaryFolder(), 'licenses.db')
  const server = await startServer(db)
  const answered: string[] = []
  const statuses = new Set<number>()
  let isOver = false
  const load = [1, 2, 3].map(async number => {
    while (!isOver) {
      const { status, body } = await server.send('POST', '/licenses/borrow', {
        tool: 'cad_tool',
        user: `user-${number}`,
      })
      statuses.add(status)
      if (status >= 400) continue
      answered.push(body.id as string)
      const back = await server.send('POST', '/licenses/return', { id: body.id })
      statuses.add(back.status)
    }
  })
  await waitFor(() => answered.length > 20, 15_000)
  const known = [...answered]
  const backup = await run('backup', ['--db', db, '--json'])
  expect(backup.code, backup.stderr).toBe(0)
  const manifest = JSON.parse(backup.stdout)
  expect(manifest.counts.borrows).toBeGreaterThanOrEqual(known.length)
  const backups = join(dirname(db), 'backups')
  const folder = join(backups, readdirSync(backups).find(isBackupName) as string)
  const refused = await run('restore', [folder, '--db', db, '--yes'])
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/Another program has .*licenses.db open/),
  })
  const more = answered.length
  await waitFor(() => answered.length > more + 10, 15_000)
  isOver = true
  await Promise.all(load)
  expect([...statuses].filter(status => status >= 500)).toEqual([])
  await server.kill()
  // A server that was killed left its log: it is backed up, and restored over, all the same.
  expect(existsSync(`${db}-wal`)).toBe(true)
  expect(await run('backup', ['--db', db, '--keep', '1'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('removed: twinloop-'),
  })
  const [last] = readdirSync(backups).filter(isBackupName)
  const restored = await run('restore', [join(backups, last as string), '--db', db, '--yes'])
  expect(restored, restored.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('To go back') })
  assertInvariants(db)
  const held = new Set(borrowsIn(db))
  expect(answered.filter(id => !held.has(id))).toEqual([])
  const again = await startServer(db)
  expect((await again.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'later' })).status).toBe(200)
  await again.kill()
  assertInvariants(db)
})

test('a backup that is killed is never taken for one, and the next one removes what it left', async () => {
  const places = someFiles()
  addBallast(places.licenses, 20)
  for (const delayMs of [0, 40, 150]) {
    const { child, ended } = start('backup', ['--db', places.licenses])
    await waitFor(
      () => existsSync(places.backups) && readdirSync(places.backups).some(name => name.startsWith('.')),
      15_000,
    )
    await wait(delayMs)
    child.kill('SIGKILL')
    await ended
    expect(brokenInvariants(places.licenses)).toEqual([])
  }
  const { code, stderr } = await run('backup', ['--db', places.licenses])
  expect(code, stderr).toBe(0)
  expect(readdirSync(places.backups).filter(name => !isBackupName(name))).toEqual([])
  for (const name of readdirSync(places.backups))
    await expect(
      run('restore', [join(places.backups, name), '--db', join(temporaryFolder(), 'a.db')]),
    ).resolves.toMatchObject({ code: 0 })
})

test('a restore that is killed leaves whole files and loses nothing, and the next one works', async () => {
  const places = someFiles()
  addBallast(places.licenses, 8)
  const { folder } = await backUpOf(places, { compress: false })
  const ledger = ledgerOn(places)
  const id = (await borrowOf(ledger)) as string
  await ledger.close()
  const home = dirname(places.licenses)
  const isDraft = (name: string) => name.startsWith('.twinloop-')
  for (const delayMs of [0, 60, 120, 240]) {
    const { child, ended } = start('restore', [folder, '--db', places.licenses, '--yes'])
    let isEnded = false
    void ended.then(() => (isEnded = true))
    await waitFor(() => isEnded || readdirSync(home).some(isDraft), 15_000)
    await wait(delayMs)
    child.kill('SIGKILL')
    await ended
    for (const role of ['licenses', 'fleet', 'estate'] as const)
      expect(checkDatabase(places[role]).problems, `${role} after ${delayMs} ms`).toEqual([])
    const ledgers = readdirSync(home).filter(name => /^licenses\.db(\.before-.*)?$/.test(name))
    expect(ledgers.some(name => borrowsIn(join(home, name)).includes(id))).toBe(true)
  }
  const { code, stderr } = await run('restore', [folder, '--db', places.licenses, '--yes'])
  expect(code, stderr).toBe(0)
  expect(readdirSync(home).filter(isDraft)).toEqual([])
  expect(borrowsIn(places.licenses)).toEqual([])
  assertInvariants(places.licenses)
})

test.each([
  ['backup', ['--bogus', '--keep'], {}, 64, /--bogus: unknown option\n--keep: needs a value/],
  ['backup', ['--keep', '0'], {}, 64, /from 1 to 10000/],
  ['backup', ['extra'], {}, 64, /extra: unexpected argument/],
  ['restore', [], {}, 64, /Which backup/],
  ['backup', [], { PORT: 'abc', RATE_LIMIT: 'x' }, 78, /2 problems:\n {2}- PORT.*\n {2}- RATE_LIMIT/],
  ['backup', ['--db', ':memory:'], {}, 78, /in memory/],
  ['backup', ['--db', '/nowhere/licenses.db'], {}, 1, /There is no database/],
  ['restore', ['/nowhere'], {}, 1, /This is no backup/],
] as const)('%s %j ends with its reason and code', async (command, args, env, code, why) =>
  expect(await run(command, [...args], env)).toMatchObject({
    code,
    stdout: '',
    stderr: expect.stringMatching(why),
  }),
)

test('what is not agreed to is not done: without a terminal --yes is needed', async () => {
  const places = someFiles()
  const { folder } = await backUpOf(places)
  const asked = await run('restore', [folder, '--db', places.licenses])
  expect(asked).toMatchObject({ code: 64, stderr: expect.stringContaining('the same with --yes') })
  expect(readdirSync(dirname(places.licenses)).filter(name => name.includes('before'))).toEqual([])
  const other = placesIn(temporaryFolder())
  expect(await run('restore', [folder, '--db', other.licenses])).toMatchObject({ code: 0 })
})

test('backups are listed with their age, size and version', async () => {
  const places = someFiles()
  await backUpOf(places)
  const { stdout, code } = await run('backup', ['--db', places.licenses, '--list'])
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /twinloop-2026-03-02T100000Z +\d+ d old +\d+ KB {2}1\.2\.3 \(abc1234\) {2}0 open of 0 borrows/,
  )
})
