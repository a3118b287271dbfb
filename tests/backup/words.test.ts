import { describe, expect, test } from 'vitest'
import { backupName, byAge, isBackupName } from '../../src/backup/name.ts'
import { restoredText } from '../../src/backup/restored-text.ts'
import { createTell } from '../../src/backup/tell.ts'
import { ageText, bytesText } from '../../src/backup/words.ts'

const AT = Date.parse('2026-11-22T03:15:00.999Z')

describe('the name of a backup', () => {
  test('is its second, in UTC', () => expect(backupName(AT)).toBe('twinloop-2026-11-22T031500Z'))
  test('is numbered from the second of one second on', () =>
    expect(backupName(AT, 2)).toBe('twinloop-2026-11-22T031500Z-2'))
  test.each([1, 2, 10, 9999])('is known again with number %i', number =>
    expect(isBackupName(backupName(AT, number))).toBe(true),
  )
  test.each([
    'twinloop-2026-11-22',
    '.twinloop-unfinished-a-1-b',
    'x-twinloop-2026-11-22T031500Z',
    'twinloop-2026-11-22T031500Z/..',
  ])('is not %s', name => expect(isBackupName(name)).toBe(false))
  test('orders by age, also with numbers of two digits', () => {
    const inOrder = [
      backupName(AT - 1000),
      ...[1, 2, 9, 10, 11].map(n => backupName(AT, n)),
      backupName(AT + 1000),
    ]
    expect([...inOrder].reverse().sort(byAge)).toEqual(inOrder)
  })
})

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 KB'],
  [9949, '9.9 KB'],
  [9950, '10 KB'],
  [999_499, '999 KB'],
  [999_500, '1.0 MB'],
  [3.2e9, '3.2 GB'],
])('%i bytes are told as %s', (bytes, text) => expect(bytesText(bytes)).toBe(text))

test.each([
  [-5000, '0 s'],
  [119_999, '119 s'],
  [120_000, '2 min'],
  [7_200_000, '2 h'],
  [172_800_000, '2 d'],
])('%i ms are an age of %s', (ms, text) => expect(ageText(ms)).toBe(text))

test.each([
  [true, '\r\x1b[2K  a: 50 %\r\x1b[2K  a: ready\n'],
  [false, '  a: ready\n'],
])('progress on a terminal (%s) is a line that changes, elsewhere one line a file', (isTTY, written) => {
  let text = ''
  const tell = createTell({ isTTY, write: part => (text += part) })
  tell.progress('a', 1, 2)
  tell.progress('a', 1, 2)
  tell.done('a: ready')
  expect(text).toBe(written)
})

test('the way back is told in commands that a shell takes as they are', () => {
  const target = "/data/it's here/licenses.db"
  const text = restoredText(
    { moves: [{ role: 'licenses', target, files: [] }], left: [] },
    { aside: [{ from: target, to: `${target}.before` }], unasked: [] },
  )
  expect(text).toContain(`mv '/data/it'\\''s here/licenses.db.before' '/data/it'\\''s here/licenses.db'`)
})
