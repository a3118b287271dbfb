import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Database } from '../../src/db/driver.ts'
import type { Migrations } from '../../src/db/migrate.ts'
import { openDatabase, prepareDatabase } from '../../src/db/open.ts'
import { StartFailure } from '../../src/shared/errors.ts'
import { mayMount, smallDisk } from '../support/small-disk.ts'
import { temporaryFolder } from '../support/world.ts'

const feature: Migrations = { feature: 'test', steps: ['CREATE TABLE seats (id INTEGER PRIMARY KEY)'] }
const prepare = (path: string) => prepareDatabase({ path, busyTimeoutMs: 50 }, [feature], () => {})

/** A file as another program would leave it. */
function fileWith(sql: string): string {
  const path = join(temporaryFolder(), 'other.db')
  const database = new Database(path)
  database.exec(sql)
  database.close()
  return path
}

/** What the person who starts the server is told. */
function failureOf(path: string): StartFailure {
  try {
    prepare(path)
  } catch (error) {
    expect(error).toBeInstanceOf(StartFailure)
    return error as StartFailure
  }
  throw new Error('it started')
}

test('a file that is missing is made, with its tables', () => {
  const path = join(temporaryFolder(), 'new.db')
  prepare(path)
  expect(existsSync(path)).toBe(true)
  prepare(path)
})

test.each(['new', 'reopened'])(
  'in a %s file writes wait for the disk, readers do not wait for writers',
  age => {
    const path = join(temporaryFolder(), 'licenses.db')
    // SQLite as it is built here would sync less for a file that has its write-ahead log already.
    if (age === 'reopened') prepare(path)
    const { $client } = openDatabase({ path, busyTimeoutMs: 1234 })
    onTestFinished(() => void $client.close())
    const pragma = (name: string) => $client.pragma(name, { simple: true })
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys')]).toEqual(['wal', 2, 1])
    expect(pragma('busy_timeout')).toBe(1234)
  },
)

describe('a start that fails says why and what helps', () => {
  test('the folder does not exist', () => {
    const folder = join(temporaryFolder(), 'not', 'there')
    expect(failureOf(join(folder, 'x.db'))).toMatchObject({
      message: `The folder of the database does not exist: ${folder}`,
      hint: `mkdir -p ${folder}`,
    })
  })

  test('a folder is in place of the file', () => {
    const path = join(temporaryFolder(), 'folder.db')
    mkdirSync(path)
    expect(failureOf(path)).toMatchObject({
      message: expect.stringContaining(`cannot be opened for writing: ${path}`),
      hint: `ls -l ${path}`,
    })
  })

  test.skipIf(!mayMount)('the disk is mounted read-only', () => {
    const disk = smallDisk(1024)
    const path = join(disk.folder, 'x.db')
    prepare(path)
    disk.makeReadOnly()
    expect(failureOf(path).message).toContain(`cannot be opened for writing: ${path}`)
    expect(failureOf(join(disk.folder, 'new.db')).message).toContain('cannot be opened for writing')
  })

  test.skipIf(!mayMount)('the disk is full', () => {
    const disk = smallDisk(256)
    disk.fill()
    const path = join(disk.folder, 'x.db')
    expect(failureOf(path)).toMatchObject({
      message: `The disk of the database is full: ${path}`,
      hint: `df -h ${path}`,
    })
    disk.makeRoom()
    prepare(path)
  })

  test('the file is no SQLite database', () => {
    const path = join(temporaryFolder(), 'letter.db')
    const letter = 'Dear Sir or Madam, '.repeat(500)
    writeFileSync(path, letter)
    expect(failureOf(path).message).toBe(`This file is not a SQLite database, or is damaged: ${path}`)
    expect(readFileSync(path, 'utf8')).toBe(letter)
  })

  test('the file is damaged', () => {
    const path = fileWith('CREATE TABLE twinloop_migrations (feature TEXT, step INTEGER)')
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.fill(0xff, 100, 4096))
    expect(failureOf(path).message).toBe(`This file is not a SQLite database, or is damaged: ${path}`)
  })

  test('another program made it, such as the original with its table `licenses`', () => {
    const path = fileWith(
      'CREATE TABLE licenses (tool TEXT PRIMARY KEY, total INT); CREATE TABLE borrows (id TEXT)',
    )
    expect(failureOf(path)).toMatchObject({
      message: `The database was made by another program: ${path} (it has the tables licenses, borrows)`,
      hint: 'choose another file with --db',
    })
  })

  test('a newer version made it', () => {
    const path = join(temporaryFolder(), 'newer.db')
    const newer = { ...feature, steps: [...feature.steps, 'CREATE TABLE more (id INT)'] }
    prepareDatabase({ path, busyTimeoutMs: 50 }, [newer], () => {})
    expect(failureOf(path).message).toContain('from a newer version')
    expect(failureOf(path).message).toContain('test step 2, this version knows 1')
  })

  test.each(['BEGIN IMMEDIATE', 'BEGIN EXCLUSIVE'])('another program holds it with %s', begin => {
    const path = join(temporaryFolder(), 'held.db')
    prepare(path)
    const other = new Database(path)
    onTestFinished(() => void other.close())
    other.exec(begin)
    expect(failureOf(path)).toMatchObject({
      message: `The database is locked by another program: ${path}`,
      hint: `lsof ${path}`,
    })
    other.exec('COMMIT')
    prepare(path)
  })
})

describe('what is another program’s', () => {
  test('is left as it was, byte for byte', () => {
    const path = fileWith('CREATE TABLE licenses (tool TEXT PRIMARY KEY)')
    const before = readFileSync(path)
    failureOf(path)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('is not taken for ours where it has a table called `migrations`', () => {
    const path = fileWith(
      'CREATE TABLE migrations (id INTEGER, migration TEXT, batch INTEGER); CREATE TABLE users (id INT)',
    )
    expect(failureOf(path).message).toContain('made by another program')
  })
})
