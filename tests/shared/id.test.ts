import { expect, test } from 'vitest'
import { fingerprint, idSequence, newSecret, sameSecret } from '../../src/shared/id.ts'

const UUID_7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
const AT = Date.parse('2026-03-02T10:00:00Z')

test('ids are UUIDs of version 7 that hold their time', () => {
  const id = idSequence()(AT)
  expect(id).toMatch(UUID_7)
  expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(AT)
})

test('ids sort as they were made, more than 4096 in one millisecond and a clock that steps back included', () => {
  const next = idSequence()
  const ids = [
    ...Array.from({ length: 10_000 }, () => next(AT)),
    next(AT - 5000),
    next(AT + 1),
    next(AT + 60_000),
  ]
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.toSorted()).toEqual(ids)
  for (const id of ids) expect(id).toMatch(UUID_7)
})

test('two sequences never make the same id', () => {
  const [one, other] = [idSequence(), idSequence()]
  const ids = Array.from({ length: 1000 }, () => [one(AT), other(AT)]).flat()
  expect(new Set(ids).size).toBe(2000)
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
