/** The only door to chance that need not be secret. `next` is in [0, 1). */
export interface Random {
  next(): number
}

export const systemRandom: Random = { next: () => Math.random() }
