/** What came of a check. `note`: good to know; the talk works. `unknown`: it was not run, and why. */
export interface Finding {
  state: 'good' | 'bad' | 'note' | 'unknown'
  /** What was found, with its numbers. */
  found: string
  /** What to do; only where there is something. */
  todo?: string
}

export interface Check {
  title: string
  /** What it looks at, in one sentence. */
  what: string
  /** @param tell takes how far it is, 0–1, and in words */
  run: (tell: (share: number, words: string) => void) => Promise<Finding>
}

export const good = (found: string): Finding => ({ state: 'good', found })
export const bad = (found: string, todo: string): Finding => ({ state: 'bad', found, todo })
export const note = (found: string, todo: string): Finding => ({ state: 'note', found, todo })
export const unknown = (found: string, todo?: string): Finding => ({
  state: 'unknown',
  found,
  ...(todo !== undefined && { todo }),
})

/** The middle one. @param values at least one */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number

/** `12 ms`, `1.2 s`. */
export const took = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
