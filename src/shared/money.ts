/** Money is integer minor units (cents) inside and a decimal number of currency units on the wire. */
export const CURRENCY = 'USD'

/** @param amount currency units with at most two decimals @returns cents */
export const toCents = (amount: number): number => Math.round(amount * 100)

/** @param cents integer @returns currency units */
export const fromCents = (cents: number): number => cents / 100

/** Whether a decimal number is a whole number of cents (0.1 + 0.2 style rounding noise aside). */
export const isWholeCents = (amount: number): boolean =>
  Math.abs(amount * 100 - Math.round(amount * 100)) < 1e-6
