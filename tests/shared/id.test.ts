import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fingerprint, firstRowAt, newIdOf, newSecret, rowOf, sameSecret } from '../../src/shared/id.ts'

const UUID_7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
const AT = Date.parse('2026-03-02T10:00:00Z')

test('an id is a UUID of version 7 that holds the time of its row', () => {
  const id = newIdOf(firstRowAt(AT))
  expect(id).toMatch(UUID_7)
  expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(AT)
})

test('an id leads to its row, and two of one row differ', () => {
  const rows = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
  fc.assert(
    fc.property(rows, row => {
      const id = newIdOf(row)
      expect(id).toMatch(UUID_7)
      expect(rowOf(id)).toBe(row)
      expect(newIdOf(row)).not.toBe(id)
    }),
  )
})

test('ids sort as their rows do', () => {
  const rows = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
  fc.assert(
    fc.property(rows, rows, (one, other) => {
      fc.pre(one < other)
      expect(newIdOf(one) < newIdOf(other)).toBe(true)
    }),
  )
})

test.each([
  '',
  'x',
  '0',
  '../etc',
  '00000000-0000-4000-8000-000000000000',
  'ffffffff-ffff-7fff-bfff-ffffffffffff',
])('%j is no id of ours', id => expect(rowOf(id)).toBe(null))

test('a time before 2020 has the first row', () => {
  expect(firstRowAt(0)).toBe(0)
})

test('a secret has 128 bits and is fit for an address', () => {
  expect(newSecret()).toMatch(/^[\w-]{22}$/)
  expect(newSecret()).not.toBe(newSecret())
})

test('a secret is the same only when it is the same', () => {
  expect(sameSecret('token', 'token')).toBe(true)
  for (const other of ['', 'Token', 'token ', 'tokem', 'tok']) expect(sameSecret(other, 'token')).toBe(false)
})

test('a fingerprint is stable, short and another for another text', () => {
  expect(fingerprint('alice')).toBe(fingerprint('alice'))
  expect(fingerprint('alice')).toMatch(/^[\w-]{22}$/)
  expect(fingerprint('alice')).not.toBe(fingerprint('alicf'))
})
