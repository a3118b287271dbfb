import { Failure } from '../shared/errors.ts'

export interface GroupCommitOptions<C, O> {
  /** Decides a group and makes it durable; the outcomes come in the order of the commands. */
  commit: (group: C[]) => Promise<O[]>
  /** The most commands in one group. */
  groupMax: number
  /** The most commands that may wait; one more is refused. */
  waitingMax: number
}

export interface GroupCommit<C, O> {
  /** @throws Failure `overloaded` or `stopping` at once, or what `commit` threw for its group */
  submit(command: C): Promise<O>
  readonly waiting: number
  /** Refuses new commands and resolves when the last waiting one is decided. */
  drain(): Promise<void>
}

interface Waiting<C, O> {
  command: C
  resolve: (outcome: O) => void
  reject: (error: unknown) => void
}

/**
 * Commands that wait together are committed together: while one group is on its way to the disk, the
 * next gathers, so the cost of a sync is shared by all that came meanwhile.
 */
export function groupCommit<C, O>({
  commit,
  groupMax,
  waitingMax,
}: GroupCommitOptions<C, O>): GroupCommit<C, O> {
  let queue: Waiting<C, O>[] = []
  let busy = false
  let draining = false
  const idle: (() => void)[] = []

  async function run() {
    while (queue.length > 0) {
      const group = queue.length <= groupMax ? queue : queue.slice(0, groupMax)
      queue = queue.length <= groupMax ? [] : queue.slice(groupMax)
      try {
        const outcomes = await commit(group.map(waiting => waiting.command))
        for (let index = 0; index < group.length; index++) group[index]?.resolve(outcomes[index] as O)
      } catch (error) {
        for (const waiting of group) waiting.reject(error)
      }
    }
    busy = false
    for (const tell of idle.splice(0)) tell()
  }

  return {
    submit(command) {
      if (draining)
        return Promise.reject(new Failure('stopping', 'The server is stopping. Nothing was changed.'))
      if (queue.length >= waitingMax)
        return Promise.reject(
          new Failure(
            'overloaded',
            `${waitingMax} requests are waiting already. Nothing was changed; try again soon.`,
          ),
        )
      return new Promise((resolve, reject) => {
        queue.push({ command, resolve, reject })
        if (busy) return
        busy = true
        // After this turn of the event loop: all requests that arrived with this one join its group.
        setImmediate(run)
      })
    },
    get waiting() {
      return queue.length
    },
    drain() {
      draining = true
      if (!busy) return Promise.resolve()
      return new Promise(resolve => idle.push(resolve))
    },
  }
}
