import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'

/**
 * Makes UUIDs of version 7 (RFC 9562, 5.7 and 6.2): 48 bits of time, a counter of 12 bits within the
 * millisecond, 62 random bits. They sort in the order they were made, so an index of them grows at its
 * end only, and cannot be guessed.
 * @returns a function of Unix ms
 */
export function idSequence(): (at: number) => string {
  let last = 0
  let counter = 0
  return at => {
    if (at > last) {
      last = at
      counter = 0
    } else if (++counter > 0xfff) {
      last++
      counter = 0
    }
    const time = last.toString(16).padStart(12, '0')
    const count = counter.toString(16).padStart(3, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${randomUUID().slice(19)}`
  }
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
