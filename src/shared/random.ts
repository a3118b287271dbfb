/** The only door to chance that need not be secret. `next` is in [0, 1). */
export interface Random {
  next(): number
}

export const systemRandom: Random = { next: () => Math.random() }

/** The same chances for the same seed (mulberry32). @param seed any whole number */
export function seededRandom(seed: number): Random {
  let state = seed | 0
  return {
    next() {
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
    },
  }
}
