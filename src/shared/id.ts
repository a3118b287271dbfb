import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Random } from './random.ts'

/** Rows count milliseconds from here, so that 41 bits of time and 12 of counter stay an exact number. */
const EPOCH_MS = Date.UTC(2020, 0, 1)
const PER_MS = 0x1000

/** The first row of a millisecond. @param at Unix ms */
export const firstRowAt = (at: number): number => Math.max(0, at - EPOCH_MS) * PER_MS

/**
 * A UUID of version 7 (RFC 9562, 5.7 and 6.2) for a row: 48 bits of its time, its 12 bits of counter, and
 * 62 random ones, so it cannot be guessed. Ids sort as their rows do, and lead to them without an index.
 */
export function newIdOf(row: number): string {
  // In parts of 32 bits: what is larger is slow to divide and to write.
  const ms = Math.floor(row / PER_MS)
  const time = EPOCH_MS + ms
  const high = Math.floor(time / 0x10000)
  return `${hex(high, 8)}-${hex(time - high * 0x10000, 4)}-7${hex(row - ms * PER_MS, 3)}-${randomUUID().slice(19)}`
}

const ROW_ID = /^([\da-f]{8})-([\da-f]{4})-7([\da-f]{3})-[89ab][\da-f]{3}-[\da-f]{12}$/

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

/** The row that an id was made for; null: it is none of ours. The row's own id must still be compared. */
export function rowOf(id: string): number | null {
  const [, high, low, count] = ROW_ID.exec(id) ?? []
  if (!high || !low || !count) return null
  const row = (Number.parseInt(high + low, 16) - EPOCH_MS) * PER_MS + Number.parseInt(count, 16)
  return row >= 0 && Number.isSafeInteger(row) ? row : null
}

/** A random UUID, of no order. */
export const newId = (): string => randomUUID()

/** A UUID made from chance that can be repeated: for what is repeated only. @param random is drawn from four times */
export function idOf(random: Random): string {
  const part = () => hex(Math.floor(random.next() * 2 ** 32), 8)
  const digits = `${part()}${part()}${part()}${part()}`
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`
}

/** 128 random bits, URL-safe: session ids and tokens. */
export const newSecret = (): string => randomBytes(16).toString('base64url')

/** A short one-way name for a secret, fit to be stored. */
export const fingerprint = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 22)

/** Compares two secrets in a time that does not depend on where they differ. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
