/** What a stage waits for: time, or that something changed. The end of the stage ends all of it. */
export interface Pauses {
  /** Resolves after so many ms, or at the end. */
  pause(ms: number): Promise<void>
  /** Resolves with the next `wake`, or at the end. */
  change(): Promise<void>
  wake(): void
  readonly isOver: boolean
  end(): void
}

/** @param wait resolves after so many ms */
export function createPauses(wait: (ms: number) => Promise<void>): Pauses {
  const pausing = new Set<() => void>()
  let waking: (() => void)[] = []
  let isOver = false

  function wake() {
    const all = waking
    waking = []
    for (const go of all) go()
  }

  return {
    pause(ms) {
      if (isOver) return Promise.resolve()
      return new Promise(resolve => {
        const go = () => {
          pausing.delete(go)
          resolve()
        }
        pausing.add(go)
        void wait(ms).then(go)
      })
    },
    change: () => (isOver ? Promise.resolve() : new Promise(resolve => waking.push(resolve))),
    wake,
    get isOver() {
      return isOver
    },
    end() {
      isOver = true
      wake()
      for (const go of [...pausing]) go()
    },
  }
}
