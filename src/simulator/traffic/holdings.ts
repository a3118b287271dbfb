/** The seats that simulated people hold, each for as long as its holder means to. Pure. */

interface Holding {
  id: string
  /** When its holder is done with it. */
  until: number
}

export interface Holdings {
  readonly size: number
  /** @returns one that has to go because there are too many, or undefined */
  hold(id: string, until: number): string | undefined
  /** Takes the one whose holder was done first; undefined: nobody is done yet. */
  takeDone(now: number): string | undefined
  /** Takes all. */
  takeAll(): string[]
}

/** @param max how many may be held */
export function createHoldings(max: number): Holdings {
  const held: Holding[] = []
  const takeFirst = () => held.shift()?.id

  return {
    get size() {
      return held.length
    },
    hold(id, until) {
      const after = held.findIndex(other => other.until > until)
      held.splice(after === -1 ? held.length : after, 0, { id, until })
      return held.length > max ? takeFirst() : undefined
    },
    takeDone: now => ((held[0]?.until ?? Number.POSITIVE_INFINITY) <= now ? takeFirst() : undefined),
    takeAll: () => held.splice(0).map(({ id }) => id),
  }
}
