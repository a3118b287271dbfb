/** A whole number from 0 to below `bound`. Works without a secure context, as phones on a LAN have none. */
export function randomBelow(bound: number): number {
  const [value = 0] = crypto.getRandomValues(new Uint32Array(1))
  return value % bound
}

/** 128 random bits in hexadecimal: an idempotency key. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

/** Spreads a wait over 50–150 %, so that a whole room does not come back at the same instant. */
export const jittered = (milliseconds: number): number => milliseconds * (0.5 + randomBelow(1000) / 1000)
