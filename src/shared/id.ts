import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { v7 } from 'uuid'

/** A UUID of version 7 (RFC 9562): ordered by time, so an index of them grows at its end only. */
export const newId = (): string => v7()

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
