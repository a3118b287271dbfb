/** Backups, taken in process of real files. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { listBackups, removeOldest } from '../../src/backup/list.ts'
import { unfinishedName } from '../../src/backup/name.ts'
import { Database } from '../../src/db/driver.ts'
import { copyDatabase } from '../../src/db/online-copy.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { assertInvariants } from '../support/ledger-invariants.ts'
import { mayMount, smallDisk } from '../support/small-disk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import {
  addBallast,
  backUpOf,
  borrowOf,
  borrowsIn,
  ledgerOn,
  placesIn,
  quiet,
  restoreTo,
  someFiles,
  strayIn,
} from './server-files.ts'

test('a copy ends although others commit at each of its steps, and is the state of its beginning', async () => {
  const places = someFiles()
  addBallast(places.licenses, 16)
  const writer = new Database(places.licenses)
  const keys = writer.prepare('SELECT count(*) FROM request_keys').pluck()
  const before = keys.get()
  const to = join(temporaryFolder(), 'copy.db')
  let steps = 0
  await copyDatabase({
    from: places.licenses,
    to,
    busyTimeoutMs: 1000,
    progress() {
      steps++
      if (steps > 100) throw new Error('it begins anew and anew')
      writer.prepare(`INSERT INTO request_keys VALUES (?, 'r', '{}', 0)`).run(`of-step-${steps}`)
    },
  })
  expect(steps).toBeGreaterThan(2)
  expect(keys.get()).toBe((before as number) + steps)
  writer.close()
  const copy = new Database(to, { readonly: true })
  expect(copy.prepare('SELECT count(*) FROM request_keys').pluck().get()).toBe(before)
  copy.close()
  expect(strayIn(join(to, '..'))).toEqual([])
})

test('backups under load each hold every borrow that was answered before, and keep every rule', async () => {
  const places = someFiles()
  addBallast(places.licenses, 4)
  const ledger = ledgerOn(places)
  const answered: string[] = []
  let isOver = false
  let during = 0
  const load = [1, 2, 3].map(async number => {
    while (!isOver) {
      const id = await borrowOf(ledger, `user-${number}`)
      if (id) answered.push(id)
      during++
      await new Promise(setImmediate)
      if (id) await ledger.submit({ kind: 'return', id })
    }
  })
  const clock = fakeClock()
  const taken: { folder: string; known: string[] }[] = []
  for (let round = 0; round < 3; round++) {
    const known = [...answered]
    const { folder } = await backUpOf(places, { clock, compress: round % 2 === 0 })
    taken.push({ folder, known })
  }
  isOver = true
  await Promise.all(load)
  expect(during).toBeGreaterThan(20)
  expect(answered.length).toBeGreaterThan(taken[0]?.known.length ?? 0)
  for (const { folder, known } of taken) {
    const restored = placesIn(join(temporaryFolder(), 'new'))
    await restoreTo(restored, folder)
    assertInvariants(restored.licenses)
    const held = new Set(borrowsIn(restored.licenses))
    expect(known.filter(id => !held.has(id))).toEqual([])
  }
  // All in one second of a clock that stands still.
  expect(taken.map(({ folder }) => folder.slice(-5))).toEqual(['0000Z', '00Z-2', '00Z-3'])
  expect(strayIn(places.backups)).toEqual([])
})

describe('a backup', () => {
  test('has the databases, the key and what was told of the past, for its owner only', async () => {
    const places = someFiles()
    const { folder, manifest } = await backUpOf(places)
    const names = [
      'estate.db.gz',
      'estate.db.history',
      'fleet.db.gz',
      'fleet.db.key',
      'licenses.db.gz',
      'manifest.json',
    ]
    expect(readdirSync(folder).sort()).toEqual(names)
    for (const name of names) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toEqual(manifest)
    expect(manifest).toMatchObject({
      format: 1,
      version: '1.2.3',
      commit: 'abc1234',
      made_at: '2026-03-02T10:00:00.000Z',
    })
    expect(manifest.left_out.join()).toContain('--lake copies it')
  })
  test('counts what is in the ledger', async () => {
    const places = someFiles()
    const ledger = ledgerOn(places)
    await borrowOf(ledger)
    const id = (await borrowOf(ledger, 'bob')) as string
    await ledger.submit({ kind: 'return', id })
    const { manifest } = await backUpOf(places)
    expect(manifest.counts).toMatchObject({ open_borrows: 1, borrows: 2, charges: 0 })
    expect(manifest.counts.newest_at).toMatch(/^20/)
  })
  test('with the lake has its objects, and nothing that is hidden or strange', async () => {
    const places = someFiles()
    writeFileSync(join(places.lake as string, 'a strange name'), '')
    const { folder, manifest } = await backUpOf(places, { withLake: true })
    const objects = manifest.files.filter(({ role }) => role === 'lake').map(({ name }) => name)
    expect(objects).toEqual(['lake/kind=server/day=2026-03-02/hour=10/1772445600000-abc-000001.jsonl.gz'])
    expect(readFileSync(join(folder, objects[0] as string), 'utf8')).toBe('samples')
    expect(manifest.left_out).toEqual(['1 files of the lake that are no objects'])
  })
  test('of a server without fleet, estate and key says what is missing', async () => {
    const places = someFiles()
    for (const role of ['fleet', 'estate', 'fleet-key'] as const) rmSync(places[role] as string)
    const { manifest } = await backUpOf({ ...places, 'fleet-key': null })
    expect(manifest.files.map(({ name }) => name)).toEqual(['licenses.db.gz', 'estate.db.history'])
    expect(manifest.left_out.join('\n')).toMatch(
      /fleet.db: there was none\n.*FLEET_KEY.*\nestate.db: there was none/,
    )
  })
  test('of a ledger that is not there is refused, and makes no folder', async () => {
    const places = placesIn(temporaryFolder())
    await expect(backUpOf(places)).rejects.toThrow(/There is no database/)
    expect(existsSync(places.backups)).toBe(false)
  })
  test('of a damaged ledger fails and leaves nothing', async () => {
    const places = someFiles()
    addBallast(places.licenses, 1)
    const bytes = readFileSync(places.licenses)
    bytes.fill(0x5a, 8192, 200_000)
    writeFileSync(places.licenses, bytes)
    await expect(backUpOf(places)).rejects.toThrow(/damaged|malformed/)
    expect(readdirSync(places.backups)).toEqual([])
  })
  test('of the database of another program is refused', async () => {
    const places = someFiles()
    rmSync(places.fleet)
    new Database(places.fleet).exec('CREATE TABLE theirs (a)').close()
    await expect(backUpOf(places)).rejects.toThrow(/is no database of fleet/)
    expect(readdirSync(places.backups)).toEqual([])
  })
  test('that would be in the lake that it copies is refused', async () => {
    const places = someFiles()
    const to = join(places.lake as string, 'backups')
    await expect(backUpOf(places, { withLake: true, to })).rejects.toThrow(/in the lake/)
    expect(existsSync(to)).toBe(false)
  })
  test('of a lake in a bucket is refused', async () => {
    await expect(backUpOf({ ...someFiles(), lake: null }, { withLake: true })).rejects.toThrow(/a bucket/)
  })
  test('to a file is refused', async () => {
    const places = someFiles()
    await expect(backUpOf(places, { to: places.fleet })).rejects.toThrow(/a file where a folder/)
  })
  test('that is interrupted leaves nothing', async () => {
    const places = someFiles()
    const abort = new AbortController()
    const tell = { ...quiet, done: () => abort.abort(new Error('enough')) }
    await expect(backUpOf(places, { signal: abort.signal, tell })).rejects.toThrow('enough')
    expect(readdirSync(places.backups)).toEqual([])
  })
  test('removes what a killed one left, and not what another machine is writing', async () => {
    const places = someFiles()
    mkdirSync(places.backups)
    const killed = join(
      places.backups,
      unfinishedName('.twinloop-').replace(`-${process.pid}-`, '-999999999-'),
    )
    const others = join(places.backups, '.twinloop-unfinished-elsewhere-1-abc')
    const running = join(places.backups, unfinishedName('.twinloop-'))
    for (const path of [killed, others, running]) mkdirSync(path)
    await backUpOf(places, { clock: { now: () => Date.now(), monotonic: () => 0 } })
    expect([killed, others, running].map(path => existsSync(path))).toEqual([false, true, true])
  })
})

describe.skipIf(!mayMount)('a disk', () => {
  test('with too little room is refused before anything is written', async () => {
    const places = someFiles()
    addBallast(places.licenses, 3)
    const { folder } = smallDisk(2000)
    await expect(backUpOf(places, { to: folder })).rejects.toThrow(/too little room: 2.0 MB are free/)
    expect(readdirSync(folder)).toEqual([])
  })
  test.each([true, false])(
    'that fills on the way leaves no half of a backup (compressed: %s)',
    async compress => {
      const places = someFiles()
      addBallast(places.licenses, 5)
      const disk = smallDisk(16_000)
      const tell = { ...quiet, progress: () => disk.fill() }
      await expect(backUpOf(places, { to: disk.folder, compress, tell })).rejects.toThrow(/The disk is full/)
      expect(readdirSync(disk.folder)).toEqual(['filler'])
      disk.makeRoom()
      await backUpOf(places, { to: disk.folder, compress })
      expect(listBackups(disk.folder)).toHaveLength(1)
    },
  )
  test('that is read-only is told so', async () => {
    const disk = smallDisk(4000)
    disk.makeReadOnly()
    await expect(backUpOf(someFiles(), { to: join(disk.folder, 'backups') })).rejects.toThrow(
      /The disk is read-only/,
    )
  })
})

describe('old backups', () => {
  test('beyond those to keep go, the oldest first, and nothing else', async () => {
    const places = someFiles()
    const clock = fakeClock()
    const names: string[] = []
    for (let number = 0; number < 4; number++) {
      names.push((await backUpOf(places, { clock })).folder.split('/').at(-1) as string)
      clock.advance(60_000)
    }
    const notOurs = ['notes', 'twinloop-2020-01-01T000000Z', 'twinloop-2020-01-01']
    for (const name of notOurs) mkdirSync(join(places.backups, name))
    expect(removeOldest(places.backups, 2)).toEqual([names[1], names[0]])
    expect(readdirSync(places.backups).sort()).toEqual([...notOurs, names[2], names[3]].sort())
    expect(removeOldest(places.backups, 2)).toEqual([])
  })
  test('are listed the newest first, with what is wrong with those that cannot be used', async () => {
    const places = someFiles()
    const { folder } = await backUpOf(places)
    mkdirSync(join(places.backups, 'twinloop-2030-01-01T000000Z'))
    const [broken, good] = listBackups(places.backups)
    expect(broken).toMatchObject({ manifest: null, problem: expect.stringContaining('This is no backup') })
    expect(good).toMatchObject({ name: folder.split('/').at(-1), problem: null })
  })
  test('of a folder that is not there are none', () => expect(listBackups('/nowhere')).toEqual([]))
})

test('what root backs up belongs to whom the database belongs to', async context => {
  if (process.getuid?.() !== 0) return context.skip()
  const { chownSync } = await import('node:fs')
  const places = someFiles()
  chownSync(places.licenses, 12345, 12345)
  chmodSync(places.licenses, 0o640)
  const { folder } = await backUpOf(places)
  expect(statSync(folder).uid).toBe(12345)
  expect(statSync(join(folder, 'fleet.db.key')).uid).toBe(12345)
  await restoreTo(places, folder)
  expect(statSync(places.licenses)).toMatchObject({ uid: 12345, gid: 12345 })
  expect(statSync(places.licenses).mode & 0o777).toBe(0o640)
})
