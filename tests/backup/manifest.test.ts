import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pathOf, readManifest } from '../../src/backup/manifest.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const file = {
  name: 'licenses.db.gz',
  role: 'licenses',
  bytes: 10,
  sha256: 'a'.repeat(64),
  compressed: true,
  unpacked_bytes: 20,
}
const whole = {
  format: 1,
  version: '1.2.3',
  commit: 'abc',
  made_at: '2026-11-22T03:15:00.000Z',
  files: [file],
  counts: { open_borrows: 0, borrows: 0, charges: 0, newest_at: null },
  left_out: [],
}

function folderWith(text: string): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'manifest.json'), text)
  return folder
}
const readOf = (value: unknown) => readManifest(folderWith(JSON.stringify(value)))
const object = (name: string) => ({
  ...whole,
  files: [file, { ...file, name, role: 'lake', compressed: false }],
})

describe('a manifest', () => {
  test('is read as it was written', () => expect(readOf(whole)).toEqual(whole))
  test('may have more in it than this version knows', () =>
    expect(readOf({ ...whole, more: 1 })).toEqual(whole))
  test('names objects of the lake', () => {
    const name = 'lake/kind=server/day=2026-11-21/hour=23/1795303200123-3f9c2a-000042.jsonl.gz'
    expect(readOf(object(name)).files[1]?.name).toBe(name)
  })
  test('that is missing makes it no backup', () =>
    expect(() => readManifest(temporaryFolder())).toThrow(/This is no backup/))
  test('of a folder that is not there makes it no backup', () =>
    expect(() => readManifest('/nowhere/at/all')).toThrow(/This is no backup/))
  test('that is cut off is told so', () =>
    expect(() => readManifest(folderWith(JSON.stringify(whole).slice(0, -9)))).toThrow(/not whole JSON/))
  test('of a newer format is refused, with the way out', () =>
    expect(() => readOf({ ...whole, format: 2 })).toThrow(/format 2.*newer version/))
  test.each([
    ['null', null],
    ['a list', []],
    ['no format', { ...whole, format: undefined }],
    ['no files', { ...whole, files: [] }],
    ['a hash that is none', { ...whole, files: [{ ...file, sha256: 'abc' }] }],
    ['a negative size', { ...whole, files: [{ ...file, unpacked_bytes: -1 }] }],
    ['a role nobody knows', { ...whole, files: [{ ...file, role: 'passwd' }] }],
    ['a date that is none', { ...whole, made_at: 'yesterday' }],
    ['one file twice', { ...whole, files: [file, file] }],
  ])('with %s is refused', (_, value) => expect(() => readOf(value)).toThrow(/cannot be used/))
  test.each([
    '../licenses.db.gz',
    '/etc/passwd',
    'licenses.db',
    'sub/licenses.db.gz',
    './licenses.db.gz',
    '',
  ])('that calls the ledger %j is refused', name =>
    expect(() => readOf({ ...whole, files: [{ ...file, name }] })).toThrow(/no name of a file/),
  )
  test.each([
    'lake/../../etc/passwd',
    'lake/..',
    'lake/.hidden',
    'lake//a',
    'lake/a/../b',
    '/lake/a',
    'lake\\a',
    'lake/a\0b',
    'lake',
    'other/a',
    `lake/${'a/'.repeat(9)}b`,
  ])('that calls an object %j is refused', name =>
    expect(() => readOf(object(name))).toThrow(/no name of a file/),
  )
})

describe('a file of a backup', () => {
  const named = readOf.bind(null, whole)
  test('that is missing is named', () =>
    expect(() => pathOf(temporaryFolder(), named().files[0] as never)).toThrow(/lacks licenses.db.gz/))
  test('that is a link to another is refused', () => {
    const folder = temporaryFolder()
    symlinkSync('/etc/hostname', join(folder, 'licenses.db.gz'))
    expect(() => pathOf(folder, named().files[0] as never)).toThrow(/no plain file/)
  })
  test('in a folder that is a link to elsewhere is refused', () => {
    const folder = temporaryFolder()
    const elsewhere = temporaryFolder()
    writeFileSync(join(elsewhere, 'a'), 'x')
    symlinkSync(elsewhere, join(folder, 'lake'))
    expect(() => pathOf(folder, { ...file, name: 'lake/a', role: 'lake' } as never)).toThrow(/no plain file/)
  })
  test('is found also where the backup itself is reached by a link', () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'real'))
    writeFileSync(join(folder, 'real', 'licenses.db.gz'), 'x')
    symlinkSync(join(folder, 'real'), join(folder, 'link'))
    expect(pathOf(join(folder, 'link'), named().files[0] as never)).toBe(join(folder, 'link/licenses.db.gz'))
  })
})
