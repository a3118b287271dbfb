import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openDirectoryLake } from '../../../src/estate/lake/directory-lake.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { mayMount, smallDisk } from '../../support/small-disk.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { keysOf } from './lakes.ts'

const body = Buffer.from('content')
const left = (folder: string) => readdirSync(join(folder, '.unfinished'))

test('another content under a name that exists is refused, and what was there stays', async () => {
  const lake = await openDirectoryLake(temporaryFolder(), systemClock)
  await lake.put('p/1', body)
  await expect(lake.put('p/1', Buffer.from('another'))).rejects.toMatchObject({ problem: 'failed' })
  expect(await lake.get('p/1')).toEqual(body)
})

test('names are in the order of their letters, where a folder and a file begin alike too', async () => {
  const lake = await openDirectoryLake(temporaryFolder(), systemClock)
  const keys = ['a-b', 'a.b', 'a/1', 'a/b-c', 'a/b/1', 'a0', 'a=b/1', 'b']
  for (const key of keys.toReversed()) await lake.put(key, body)
  expect(await keysOf(lake)).toEqual(keys)
  for (const [index, key] of keys.entries())
    expect(await keysOf(lake, '', key)).toEqual(keys.slice(index + 1))
})

test('nothing unfinished is left behind or listed', async () => {
  const folder = temporaryFolder()
  const lake = await openDirectoryLake(folder, systemClock)
  await lake.put('p/1', body)
  await lake.put('p/1', body)
  await lake.put('p/1', Buffer.from('another')).catch(() => {})
  expect(left(folder)).toEqual([])
  writeFileSync(join(folder, '.unfinished', 'of a killed process'), 'half')
  expect(await keysOf(lake)).toEqual(['p/1'])
})

test('what a killed process left is removed at the next start, when it is older than an hour', async () => {
  const folder = temporaryFolder()
  await openDirectoryLake(folder, systemClock)
  for (const [name, minutes] of [
    ['old', 61],
    ['young', 50],
  ] as const) {
    const path = join(folder, '.unfinished', name)
    writeFileSync(path, 'half')
    const at = systemClock.now() / 1000 - minutes * 60
    utimesSync(path, at, at)
  }
  await openDirectoryLake(folder, systemClock)
  expect(left(folder)).toEqual(['young'])
})

test('a partition that is empty goes, the lake itself stays', async () => {
  const folder = temporaryFolder()
  const lake = await openDirectoryLake(folder, systemClock)
  await lake.put('kind=server/day=1/hour=1/x', body)
  await lake.put('kind=server/day=2/hour=1/x', body)
  await lake.remove(['kind=server/day=1/hour=1/x'])
  expect(readdirSync(join(folder, 'kind=server'))).toEqual(['day=2'])
  await lake.remove(['kind=server/day=2/hour=1/x'])
  expect(readdirSync(folder)).toEqual(['.unfinished'])
})

test('objects are kept while their partition is emptied again and again', async () => {
  const lake = await openDirectoryLake(temporaryFolder(), systemClock)
  const writing = Array.from({ length: 100 }, (_, n) => lake.put(`p/q/${n}`, body))
  const emptying = Array.from({ length: 100 }, async (_, n) => {
    await lake.put(`p/q/gone-${n}`, body)
    await lake.remove([`p/q/gone-${n}`])
  })
  await Promise.all([...writing, ...emptying])
  expect(await keysOf(lake)).toHaveLength(100)
})

test('a folder that vanished is missing, and does not begin anew', async () => {
  const folder = join(temporaryFolder(), 'lake')
  const lake = await openDirectoryLake(folder, systemClock)
  await lake.put('p/1', body)
  renameSync(folder, `${folder}-elsewhere`)
  await expect(lake.put('p/2', body)).rejects.toMatchObject({ problem: 'missing' })
  await expect(lake.get('p/1')).rejects.toMatchObject({ problem: 'missing' })
  await expect(keysOf(lake)).rejects.toMatchObject({ problem: 'missing' })
  expect(existsSync(folder)).toBe(false)
  renameSync(`${folder}-elsewhere`, folder)
  await lake.put('p/2', body)
  expect(await keysOf(lake)).toEqual(['p/1', 'p/2'])
})

test('a folder that somebody emptied takes the next object', async () => {
  const folder = temporaryFolder()
  const lake = await openDirectoryLake(folder, systemClock)
  await lake.put('p/1', body)
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
  await lake.put('p/2', body)
  expect(await keysOf(lake)).toEqual(['p/2'])
})

test('a file where a folder should be is told, at the start too', async () => {
  const folder = join(temporaryFolder(), 'file')
  writeFileSync(folder, '')
  await expect(openDirectoryLake(folder, systemClock)).rejects.toMatchObject({ name: 'LakeFailure' })
})

test.skipIf(process.getuid?.() === 0)('a folder that may not be written is told as denied', async () => {
  const folder = temporaryFolder()
  const lake = await openDirectoryLake(folder, systemClock)
  mkdirSync(join(folder, 'p'))
  chmodSync(join(folder, 'p'), 0o500)
  await expect(lake.put('p/1', body)).rejects.toMatchObject({ problem: 'denied' })
})

describe.skipIf(!mayMount)('on a small disk', () => {
  test('a full one is told as full, and takes again when there is room', async () => {
    const disk = smallDisk(512)
    const lake = await openDirectoryLake(join(disk.folder, 'lake'), systemClock)
    await lake.put('p/1', body)
    disk.fill()
    await expect(lake.put('p/2', Buffer.alloc(20_000, 1))).rejects.toMatchObject({ problem: 'full' })
    expect(await keysOf(lake)).toEqual(['p/1'])
    disk.makeRoom()
    await lake.put('p/2', Buffer.alloc(20_000, 1))
    expect(await keysOf(lake)).toEqual(['p/1', 'p/2'])
  })

  test('one that is read-only is told as denied', async () => {
    const disk = smallDisk(512)
    const lake = await openDirectoryLake(disk.folder, systemClock)
    await lake.put('p/1', body)
    disk.makeReadOnly()
    await expect(lake.put('p/2', body)).rejects.toMatchObject({ problem: 'denied' })
    await expect(lake.remove(['p/1'])).rejects.toMatchObject({ problem: 'denied' })
    expect(await lake.get('p/1')).toEqual(body)
  })
})
