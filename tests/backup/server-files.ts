/** What a server keeps, in a folder of its own, and the work on it. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type BackedUp, backUp } from '../../src/backup/back-up.ts'
import type { BackUpOptions } from '../../src/backup/gather.ts'
import { readManifest } from '../../src/backup/manifest.ts'
import { type Places, placesOf } from '../../src/backup/places.ts'
import { planRestore } from '../../src/backup/plan.ts'
import { type RestoreOptions, restoreBackup } from '../../src/backup/restore-backup.ts'
import type { Tell } from '../../src/backup/tell.ts'
import { Database } from '../../src/db/driver.ts'
import type { Ledger } from '../../src/licensing/ledger.ts'
import { sqliteLedger } from '../../src/licensing/sqlite-ledger.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { prepareDatabases } from '../../src/wiring/databases.ts'
import { fakeClock, START } from '../support/fake-clock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testConfig } from '../support/world.ts'

export const KEY = 'the-key-of-this-fleet'
const OBJECT = 'kind=server/day=2026-03-02/hour=10/1772445600000-abc-000001.jsonl.gz'

/** Where a server of a folder keeps its files. */
export function placesIn(folder: string): Places {
  const config = testConfig(join(folder, 'licenses.db'))
  return placesOf({
    ...config,
    fleet: { ...config.fleet, key: { file: join(folder, 'fleet.db.key') } },
  })
}

let template: string | undefined
/** The databases of a server that was started once: made once, as each takes many syncs of the disk. */
function made(): string {
  if (template !== undefined) return template
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  prepareDatabases(testConfig(join(folder, 'licenses.db')), 1000)
  template = folder
  return folder
}

/** Databases as a server leaves them, a key, a lake with one object. */
export function someFiles(folder = temporaryFolder()): Places {
  const places = placesIn(folder)
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(made())) copyFileSync(join(made(), name), join(folder, name))
  writeFileSync(places['fleet-key'] as string, KEY, { mode: 0o600 })
  writeFileSync(places['estate-history'], '{"told":1}')
  mkdirSync(join(places.lake as string, OBJECT, '..'), { recursive: true })
  writeFileSync(join(places.lake as string, OBJECT), 'samples')
  mkdirSync(join(places.lake as string, '.unfinished'))
  writeFileSync(join(places.lake as string, '.unfinished', 'draft'), 'half')
  return places
}

/** Rows that break no rule, so that a copy takes many steps. @param megabytes in about */
export function addBallast(path: string, megabytes: number): void {
  const database = new Database(path)
  database
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO request_keys SELECT 'ballast-' || i, hex(randomblob(500)), '{"kind":"none"}', ? FROM n`,
    )
    .run(Math.round(megabytes * 200), START)
  database.close()
}

export const quiet: Tell = { progress() {}, doing() {}, done() {} }

export const backUpOf = (places: Places, options: Partial<BackUpOptions> = {}): Promise<BackedUp> =>
  backUp({
    places,
    to: places.backups,
    compress: true,
    withLake: false,
    build: { version: '1.2.3', commit: 'abc1234', committedAt: null },
    clock: fakeClock(),
    signal: new AbortController().signal,
    tell: quiet,
    ...options,
  })

export const restoreTo = (places: Places, folder: string, options: Partial<RestoreOptions> = {}) =>
  restoreBackup({
    folder,
    plan: planRestore(readManifest(folder), places),
    clock: fakeClock(),
    signal: new AbortController().signal,
    tell: quiet,
    ...options,
  })

export function ledgerOn(places: Places): Ledger {
  const database = { path: places.licenses, busyTimeoutMs: 5000 }
  const ledger = sqliteLedger({ database, clock: systemClock, onExpired() {}, inline: true })
  onTestFinished(() => ledger.close())
  return ledger
}

export async function borrowOf(ledger: Ledger, user = 'alice', tool = 'cad_tool'): Promise<string | null> {
  const outcome = await ledger.submit({ kind: 'borrow', tool, user, session: null, requestKey: null })
  return outcome.kind === 'granted' ? outcome.borrow.id : null
}

/** The ids of all borrows in a file. */
export function borrowsIn(path: string): string[] {
  const database = new Database(path, { readonly: true })
  try {
    return database.prepare('SELECT id FROM borrows').pluck().all() as string[]
  } finally {
    database.close()
  }
}

/** What is in a folder that is neither a backup nor what a server keeps. */
export const strayIn = (folder: string): string[] =>
  readdirSync(folder).filter(name => name.startsWith('.twinloop-') || /-(wal|shm|journal)$/.test(name))
