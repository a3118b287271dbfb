import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { LakeFailure } from '../../../src/estate/lake/lake.ts'
import { bucketLake, folderLake, keysOf } from './lakes.ts'

const lakes = [
  { name: 'a folder', open: folderLake, listsAll: true },
  // The server of these tests does not encode names in its listings, though it is asked to.
  { name: 'a bucket', open: () => bucketLake(), listsAll: false },
]
const text = (of: string) => Buffer.from(of)

describe.each(lakes)('$name', ({ open, listsAll }) => {
  test('gives back what was put, byte by byte', async () => {
    const lake = await open()
    const body = randomBytes(3000)
    await lake.put('kind=server/day=2026-03-02/hour=10/1-a-000001.jsonl.gz', body)
    expect(await lake.get('kind=server/day=2026-03-02/hour=10/1-a-000001.jsonl.gz')).toEqual(body)
  })

  test('an object of no bytes and one of eight million are kept as they are', async () => {
    const lake = await open()
    const large = randomBytes(8_000_000)
    await lake.put('p/empty', Buffer.alloc(0))
    await lake.put('p/large', large)
    expect(await lake.get('p/empty')).toEqual(Buffer.alloc(0))
    expect((await lake.get('p/large'))?.equals(large)).toBe(true)
    const found: number[] = []
    for await (const { bytes } of lake.list('p/')) found.push(bytes)
    expect(found).toEqual([0, 8_000_000])
  })

  test('what is not there is null, also where a part of its name is an object', async () => {
    const lake = await open()
    await lake.put('a/b', text('1'))
    expect(await lake.get('a/c')).toBeNull()
    expect(await lake.get('x/y/z')).toBeNull()
  })

  test('a put that is repeated changes nothing', async () => {
    const lake = await open()
    for (let times = 0; times < 3; times++) await lake.put('a/b', text('same'))
    await Promise.all(Array.from({ length: 10 }, () => lake.put('a/c', text('at once'))))
    expect(await keysOf(lake)).toEqual(['a/b', 'a/c'])
    expect(await lake.get('a/b')).toEqual(text('same'))
  })

  test('names are listed in their order, by prefix, behind a name', async () => {
    const lake = await open()
    const keys = ['a/1', 'a/2', 'a/10', 'b/x/1', 'b/x/2', 'b/y', 'c'].sort()
    for (const key of keys.toReversed()) await lake.put(key, text(key))
    expect(await keysOf(lake)).toEqual(keys)
    expect(await keysOf(lake, 'a/')).toEqual(['a/1', 'a/10', 'a/2'])
    expect(await keysOf(lake, 'a/1')).toEqual(['a/1', 'a/10'])
    expect(await keysOf(lake, 'b/', 'b/x/1')).toEqual(['b/x/2', 'b/y'])
    expect(await keysOf(lake, '', 'b/x/9')).toEqual(['b/y', 'c'])
    expect(await keysOf(lake, 'a/', 'b')).toEqual([])
    expect(await keysOf(lake, 'nothing/')).toEqual([])
  })

  test('a listing goes on beyond a thousand names', async () => {
    const lake = await open()
    const keys = Array.from({ length: 1203 }, (_, n) => `p/${String(n).padStart(5, '0')}`)
    for (let from = 0; from < keys.length; from += 50)
      await Promise.all(keys.slice(from, from + 50).map(key => lake.put(key, text('1'))))
    expect(await keysOf(lake, 'p/')).toEqual(keys)
    expect(await keysOf(lake, 'p/', 'p/01100')).toEqual(keys.slice(1101))
    await lake.remove(keys.slice(0, 1200))
    expect(await keysOf(lake)).toEqual(keys.slice(1200))
  }, 60_000)

  test('what was removed is gone, twice too, and its partition can be used again', async () => {
    const lake = await open()
    await lake.put('p/q/1', text('1'))
    await lake.put('p/r/1', text('1'))
    await lake.remove(['p/q/1', 'p/q/never'])
    await lake.remove(['p/q/1'])
    await lake.remove([])
    expect(await keysOf(lake)).toEqual(['p/r/1'])
    expect(await lake.get('p/q/1')).toBeNull()
    await lake.put('p/q/1', text('2'))
    expect(await lake.get('p/q/1')).toEqual(text('2'))
  })

  test.each(['a b', 'a+b', 'a%2Fb', "a'b(c)!*", 'ä/ö ü', '日本', 'a=b&c=d', 'a;b,c:d@e', '1'])(
    'the name %j is as good as any',
    async key => {
      const lake = await open()
      await lake.put(`p/${key}`, text(key))
      expect(await lake.get(`p/${key}`)).toEqual(text(key))
      if (listsAll) expect(await keysOf(lake, 'p/')).toEqual([`p/${key}`])
      await lake.remove([`p/${key}`])
      expect(await lake.get(`p/${key}`)).toBeNull()
      expect(await keysOf(lake)).toEqual([])
    },
  )

  test.each([
    '',
    '/',
    '../up',
    'a/../../b',
    'a//b',
    'a/',
    '/etc/passwd',
    '.hidden',
    'a/.',
    'a\\..\\b',
    'a\0b',
    'x'.repeat(1000),
  ])('the name %j is refused', async key => {
    const lake = await open()
    await expect(lake.put(key, text('1'))).rejects.toThrow(LakeFailure)
    await expect(lake.get(key)).rejects.toThrow(LakeFailure)
    await expect(lake.remove([key])).rejects.toThrow(LakeFailure)
    expect(await keysOf(lake)).toEqual([])
  })
})
