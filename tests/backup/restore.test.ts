/** Restores, in process on real files. */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkUsable, tablesOf } from '../../src/backup/known-tables.ts'
import { readManifest } from '../../src/backup/manifest.ts'
import { planRestore } from '../../src/backup/plan.ts'
import { exchange } from '../../src/backup/swap.ts'
import { Database } from '../../src/db/driver.ts'
import { holdAlone } from '../../src/db/hold-alone.ts'
import { prepareDatabase } from '../../src/db/open.ts'
import { deliveryMigrations } from '../../src/delivery/index.ts'
import { licensingMigrations } from '../../src/licensing/index.ts'
import { prepareDatabases } from '../../src/wiring/databases.ts'
import { assertInvariants } from '../support/ledger-invariants.ts'
import { mayMount, smallDisk } from '../support/small-disk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testConfig } from '../support/world.ts'
import {
  addBallast,
  backUpOf,
  borrowOf,
  borrowsIn,
  KEY,
  ledgerOn,
  placesIn,
  quiet,
  restoreTo,
  someFiles,
  strayIn,
} from './server-files.ts'

/** The hash of each file of a server's folder, logs folded in, to see whether anything changed. */
function contentsOf(folder: string): Record<string, string> {
  for (const name of readdirSync(folder).filter(each => each.endsWith('.db')))
    holdAlone(join(folder, name)).release()
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && !entry.parentPath.includes('backups'))
      .map(entry => join(entry.parentPath, entry.name))
      .map(path => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  )
}

async function oneBorrow(places: ReturnType<typeof placesIn>, user: string): Promise<string> {
  const ledger = ledgerOn(places)
  const id = (await borrowOf(ledger, user)) as string
  await ledger.close()
  return id
}

describe('a restore', () => {
  test('brings back what was, keeps what is, and leaves no log of it beside the new file', async () => {
    const places = someFiles()
    const first = await oneBorrow(places, 'alice')
    const { folder } = await backUpOf(places, { withLake: true })
    const second = await oneBorrow(places, 'bob')
    writeFileSync(places['fleet-key'] as string, 'another-key-of-a-fleet')
    rmSync(places.lake as string, { recursive: true })
    mkdirSync(places.lake as string)
    writeFileSync(join(places.lake as string, 'newer'), '')
    const { aside } = await restoreTo(places, folder)
    expect(borrowsIn(places.licenses)).toEqual([first])
    assertInvariants(places.licenses)
    expect(readFileSync(places['fleet-key'] as string, 'utf8')).toBe(KEY)
    expect(readdirSync(places.lake as string)).toEqual(['kind=server'])
    expect(strayIn(dirname(places.licenses))).toEqual([])
    const kept = aside.find(({ from }) => from === places.licenses)?.to as string
    expect(kept).toBe(`${places.licenses}.before-restore-2026-03-02T100000Z`)
    expect(borrowsIn(kept)).toEqual([first, second])
    assertInvariants(kept)
    expect(readdirSync(aside.find(({ from }) => from === places.lake)?.to as string)).toEqual(['newer'])
    // And a server goes on with it.
    await oneBorrow(places, 'carol')
    assertInvariants(places.licenses)
  })
  test('over nothing makes the folder', async () => {
    const { folder } = await backUpOf(someFiles())
    const places = placesIn(join(temporaryFolder(), 'a', 'b'))
    expect(await restoreTo(places, folder)).toEqual({ aside: [], unasked: [] })
    expect(readdirSync(dirname(places.licenses)).sort()).toEqual([
      'estate.db',
      'estate.db.history',
      'fleet.db',
      'fleet.db.key',
      'licenses.db',
    ])
  })
  test('twice in one second keeps both', async () => {
    const places = someFiles()
    const { folder } = await backUpOf(places)
    await restoreTo(places, folder)
    const { aside } = await restoreTo(places, folder)
    expect(aside[0]?.to).toMatch(/Z-2$/)
    expect(
      readdirSync(dirname(places.licenses)).filter(name => name.startsWith('licenses.db.before')),
    ).toHaveLength(2)
  })
  test('takes what a killed server left in its log into what is kept', async () => {
    const places = someFiles()
    const { folder } = await backUpOf(places)
    const killed = new Database(places.licenses)
    killed.exec(`INSERT INTO request_keys VALUES ('in-the-log', '', '{}', 0)`)
    const crashed = temporaryFolder()
    for (const end of ['', '-wal'])
      writeFileSync(join(crashed, `licenses.db${end}`), readFileSync(`${places.licenses}${end}`))
    killed.close()
    const left = placesIn(crashed)
    expect(existsSync(`${left.licenses}-wal`)).toBe(true)
    const { aside } = await restoreTo(left, folder)
    const kept = new Database(aside[0]?.to as string, { readonly: true })
    expect(kept.prepare(`SELECT count(*) FROM request_keys WHERE key = 'in-the-log'`).pluck().get()).toBe(1)
    kept.close()
    expect(strayIn(crashed)).toEqual([])
  })
  test('over a file that is no database any more works, and moves its log away too', async () => {
    const places = someFiles()
    const { folder } = await backUpOf(places)
    writeFileSync(places.licenses, 'x'.repeat(9000))
    writeFileSync(`${places.licenses}-wal`, 'the log of another')
    const { aside, unasked } = await restoreTo(places, folder)
    expect(unasked).toEqual([places.licenses])
    expect(aside.map(({ from }) => from)).toEqual(
      expect.arrayContaining([places.licenses, `${places.licenses}-wal`]),
    )
    assertInvariants(places.licenses)
    expect(strayIn(dirname(places.licenses))).toEqual([])
  })
  test('moves a log away whose database is gone', async () => {
    const places = someFiles()
    const { folder } = await backUpOf(places)
    rmSync(places.licenses)
    writeFileSync(`${places.licenses}-wal`, 'the log of another')
    await restoreTo(places, folder)
    assertInvariants(places.licenses)
    expect(readFileSync(`${places.licenses}-wal.before-restore-2026-03-02T100000Z`, 'utf8')).toBe(
      'the log of another',
    )
  })
  test('of an estate that was told nothing of its past takes what was told later away', async () => {
    const places = someFiles()
    rmSync(places['estate-history'])
    const { folder } = await backUpOf(places)
    writeFileSync(places['estate-history'], '{"told":2}')
    await restoreTo(places, folder)
    expect(existsSync(places['estate-history'])).toBe(false)
  })
  test('leaves a key in the environment, and a lake in a bucket, as they are', async () => {
    const places = someFiles()
    const { folder } = await backUpOf(places, { withLake: true })
    const { left } = planRestore(readManifest(folder), { ...places, 'fleet-key': null, lake: null })
    expect(left).toEqual([
      'fleet.db.key: the key is in the environment (FLEET_KEY)',
      'the lake: LAKE_URL is a bucket',
    ])
  })
})

describe('a backup is refused, and nothing changes,', () => {
  async function refused(spoil: (folder: string) => void, why: RegExp, compress = true) {
    const places = someFiles()
    addBallast(places.licenses, 0.2)
    const { folder } = await backUpOf(places, { compress, withLake: true })
    spoil(folder)
    const before = contentsOf(dirname(places.licenses))
    await expect(restoreTo(places, folder)).rejects.toThrow(why)
    expect(contentsOf(dirname(places.licenses))).toEqual(before)
  }
  function flip(path: string, at: number) {
    const bytes = readFileSync(path)
    bytes[at] = (bytes[at] as number) ^ 1
    writeFileSync(path, bytes)
  }
  const rewrite = (folder: string, change: (manifest: ReturnType<typeof readManifest>) => void) => {
    const manifest = readManifest(folder)
    change(manifest)
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
  }
  test.each([
    ['licenses.db.gz', true],
    ['licenses.db', false],
    ['fleet.db.key', true],
  ])('when one bit of %s is another', async (name, compress) =>
    refused(folder => flip(join(folder, name), 15), /is not what was backed up/, compress),
  )
  test('when an object of the lake is another', () =>
    refused(folder => {
      const object = readManifest(folder).files.find(({ role }) => role === 'lake')?.name as string
      flip(join(folder, object), 0)
    }, /SHA-256 is another/))
  test('when a file is missing', () =>
    refused(folder => rmSync(join(folder, 'estate.db.gz')), /lacks estate.db.gz/))
  test('when a file is cut off', () =>
    refused(folder => truncateSync(join(folder, 'fleet.db.gz'), 100), /it has 100 bytes/))
  test('when more comes out of a file than was said', () =>
    refused(
      folder =>
        rewrite(folder, ({ files }) => {
          if (files[0]) files[0].unpacked_bytes = 1000
        }),
      /more than 1000 bytes/,
    ))
  test('when less comes out of a file than was said', () =>
    refused(
      folder =>
        rewrite(folder, ({ files }) => {
          if (files[1]) files[1].unpacked_bytes += 1
        }),
      /bytes came out of it/,
    ))
  test('when it needs more room than there is', () =>
    refused(
      folder =>
        rewrite(folder, ({ files }) => {
          if (files[0]) files[0].unpacked_bytes = 2 ** 52
        }),
      /too little room/,
    ))
  test('when its databases are exchanged', async () => {
    const places = someFiles()
    const { folder } = await backUpOf({ ...places, fleet: places.estate, estate: places.fleet }).catch(
      error => ({ folder: error.message as string }),
    )
    expect(folder).toMatch(/is no database of fleet/)
  })
  test('when a newer version made it', async () => {
    const places = someFiles()
    const newer = new Database(places.fleet)
    const [feature, step] = [tablesOf.fleet[0]?.feature, 99]
    newer.prepare('INSERT INTO twinloop_migrations VALUES (?, ?)').run(feature, step)
    newer.close()
    expect(() => checkUsable('fleet', places.fleet, 'fleet.db')).toThrow(/newer version: .* step 99/)
  })
  test('when it has tables of a feature nobody knows', async () => {
    const places = someFiles()
    const newer = new Database(places.licenses)
    newer.exec(`INSERT INTO twinloop_migrations VALUES ('of-tomorrow', 1)`)
    newer.close()
    expect(() => checkUsable('licenses', places.licenses, 'licenses.db')).toThrow(
      /of-tomorrow step 1, this version knows 0/,
    )
  })
  test('when it lies in the lake that it would replace', async () => {
    const places = someFiles()
    const { folder } = await backUpOf(places, { withLake: true })
    await expect(restoreTo({ ...places, lake: dirname(folder) }, folder)).rejects.toThrow(/in the lake/)
  })
  test.each(['idle', 'reading', 'writing'])('while another connection is %s', async state => {
    const places = someFiles()
    const { folder } = await backUpOf(places)
    const other = new Database(places.estate)
    onTestFinished(() => void other.close())
    other.prepare('SELECT count(*) FROM sqlite_schema').get()
    if (state !== 'idle') other.exec(state === 'reading' ? 'BEGIN' : 'BEGIN IMMEDIATE')
    await expect(restoreTo(places, folder)).rejects.toThrow(/Another program has .*estate.db open/)
    expect(readdirSync(dirname(places.licenses)).filter(name => /before|\.twinloop/.test(name))).toEqual([])
    if (state !== 'idle') other.exec('ROLLBACK')
    other.exec('CREATE TABLE still_usable (a)')
  })
  test('when it is interrupted', async () => {
    const places = someFiles()
    const { folder } = await backUpOf(places)
    const before = contentsOf(dirname(places.licenses))
    const abort = new AbortController()
    const tell = { ...quiet, done: () => abort.abort(new Error('enough')) }
    await expect(restoreTo(places, folder, { signal: abort.signal, tell })).rejects.toThrow('enough')
    expect(contentsOf(dirname(places.licenses))).toEqual(before)
  })
})

test.skipIf(!mayMount)('a disk that fills while a backup comes back leaves what was there', async () => {
  const places = someFiles()
  addBallast(places.licenses, 3)
  const { folder } = await backUpOf(places)
  const disk = smallDisk(12_000)
  const small = someFiles(join(disk.folder, 'server'))
  const before = contentsOf(dirname(small.licenses))
  await expect(restoreTo(small, folder, { tell: { ...quiet, doing: () => disk.fill() } })).rejects.toThrow(
    /The disk is full/,
  )
  disk.makeRoom()
  expect(contentsOf(dirname(small.licenses))).toEqual(before)
  await restoreTo(small, folder)
  assertInvariants(small.licenses)
})

test('no server can open the databases while a restore works', async () => {
  const places = someFiles()
  const { folder } = await backUpOf(places)
  const seen: string[] = []
  const tell = {
    ...quiet,
    done() {
      try {
        new Database(places.fleet, { timeout: 0 }).pragma('journal_mode = WAL')
        seen.push('opened')
      } catch (error) {
        seen.push(String((error as { code?: unknown }).code))
      }
    },
  }
  await restoreTo(places, folder, { tell })
  expect(new Set(seen)).toEqual(new Set(['SQLITE_BUSY']))
})

test('a backup of an older version is brought up to this one by the next start', async () => {
  const old = someFiles()
  rmSync(old.licenses)
  const fewer = { ...deliveryMigrations, steps: deliveryMigrations.steps.slice(0, 1) }
  prepareDatabase({ path: old.licenses, busyTimeoutMs: 1000 }, [licensingMigrations, fewer], () => {})
  const { folder } = await backUpOf(old)
  const places = placesIn(temporaryFolder())
  await restoreTo(places, folder)
  prepareDatabases(testConfig(places.licenses), 1000)
  const steps = (path: string) => {
    const database = new Database(path, { readonly: true })
    try {
      return database
        .prepare('SELECT feature, max(step) FROM twinloop_migrations GROUP BY 1 ORDER BY 1')
        .raw()
        .all()
    } finally {
      database.close()
    }
  }
  expect(steps(places.licenses)).toEqual(steps(someFiles().licenses))
  assertInvariants(places.licenses)
})

test('the tables that a restore knows are those that a server makes', () => {
  const places = someFiles()
  for (const role of ['licenses', 'fleet', 'estate'] as const) {
    const database = new Database(places[role], { readonly: true })
    const made = database
      .prepare('SELECT feature, max(step) FROM twinloop_migrations GROUP BY 1 ORDER BY 1')
      .raw()
      .all()
    database.close()
    expect(made).toEqual(tablesOf[role].map(({ feature, steps }) => [feature, steps.length]).sort())
  }
})

describe('an exchange of files', () => {
  const write = (path: string, text: string) => {
    writeFileSync(path, text)
    return path
  }
  test('that fails half way puts everything back', () => {
    const folder = temporaryFolder()
    const at = (name: string) => join(folder, name)
    for (const name of ['a', 'b', 'b-wal']) write(at(name), `old ${name}`)
    mkdirSync(at('lake'))
    write(at('lake/object'), 'old object')
    mkdirSync(at('draft-lake'))
    write(at('draft-a'), 'new a')
    write(at('draft-new'), 'new')
    const before = contentsOf(folder)
    expect(() =>
      exchange(
        [
          { draft: at('draft-a'), target: at('a'), present: [at('a')] },
          { draft: at('draft-new'), target: at('new'), present: [] },
          { draft: at('draft-lake'), target: at('lake'), present: [at('lake')] },
          { draft: null, target: at('b'), present: [at('b'), at('b-wal')] },
          { draft: at('is not there'), target: at('c'), present: [] },
        ],
        'now',
      ),
    ).toThrow(/ENOENT/)
    const after = contentsOf(folder)
    // What went in first is gone with its draft: it is in the backup.
    delete before[at('draft-a')]
    expect(after).toEqual(before)
    expect(readdirSync(folder).filter(name => name.includes('before-restore'))).toEqual([])
  })
  test.skipIf(!mayMount)('with a folder that is a disk of its own puts everything back', async () => {
    const places = someFiles()
    const { folder } = await backUpOf(places, { withLake: true })
    const lake = smallDisk(4000).folder
    const server = { ...someFiles(), lake }
    const before = contentsOf(dirname(server.licenses))
    await expect(restoreTo(server, folder)).rejects.toThrow(/in use|another disk/)
    expect(contentsOf(dirname(server.licenses))).toEqual(before)
  })
  test('to a folder that must not be written is refused', async context => {
    if (process.getuid?.() === 0) return context.skip()
    const { folder } = await backUpOf(someFiles())
    const closed = temporaryFolder()
    chmodSync(closed, 0o500)
    await expect(restoreTo(placesIn(closed), folder)).rejects.toThrow(/may not/)
  })
})
