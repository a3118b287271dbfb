/** The only writer of one database: what waits together is committed together, in the order in which it came. */
import type { Clock } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'
import { storageFailure } from './failure.ts'
import { groupCommit } from './group-commit.ts'
import type { Fault, Group } from './group-decider.ts'
import type { Thread } from './thread.ts'

/** A feature's commands by name: what each is told, and what comes of it. */
export type Declared<Commands> = { [K in keyof Commands]: { in: unknown; out: unknown } }

export interface Command<Commands extends Declared<Commands>> {
  kind: keyof Commands
  input: Commands[keyof Commands]['in']
}
export type Outcome<Commands extends Declared<Commands>> =
  | { ok: Commands[keyof Commands]['out'] }
  | { fault: Fault }

/** One function for each command, run inside the writer's transaction. */
export type Handlers<Commands extends Declared<Commands>, Deciding> = {
  [K in keyof Commands]: (input: Commands[K]['in'], deciding: Deciding) => Commands[K]['out']
}

/** Decides commands in order and durably. */
export interface Writer<Commands extends Declared<Commands>> {
  /** @throws Failure `storage_*`, `overloaded`, `stopping` */
  submit<K extends keyof Commands>(kind: K, input: Commands[K]['in']): Promise<Commands[K]['out']>
  /** Commands that wait for the disk. */
  readonly waiting: number
  close(): Promise<void>
}

export interface DurableWriterOptions<Commands extends Declared<Commands>, Decided> {
  /** Where groups are decided. */
  thread: Thread<Group<Command<Commands>>, Decided>
  clock: Clock
  /** Told what was decided, after the commit. */
  committed: (decided: Decided, commands: number) => void
  /** Whether a command of this kind fails with the group that it queued behind, and is sent again by who submits it. */
  keepsOrder: (kind: keyof Commands) => boolean
  groupMax?: number
  /** One more is refused, and its sender told so; an intake waits before that. */
  waitingMax?: number
}

const GROUP_MAX = 1024
const WAITING_MAX = 40_000

export function createDurableWriter<
  Commands extends Declared<Commands>,
  Decided extends { outcomes: Outcome<Commands>[] },
>(options: DurableWriterOptions<Commands, Decided>): Writer<Commands> {
  const { thread, clock, committed, keepsOrder } = options
  const { groupMax = GROUP_MAX, waitingMax = WAITING_MAX } = options
  /** `after`: the newest failure when it was submitted. */
  type Queued = Command<Commands> & { after: Failure | null }
  type Left = { left: Failure }
  /** The newest failure of the disk. */
  let failure: Failure | null = null

  async function decide(commands: Command<Commands>[]): Promise<Outcome<Commands>[]> {
    try {
      const decided = await thread.call({ commands, at: clock.now() })
      committed(decided, commands.length)
      return decided.outcomes
    } catch (error) {
      if (error instanceof Failure) failure = error
      throw error
    }
  }

  const commands = groupCommit<Queued, Outcome<Commands> | Left>({
    groupMax,
    waitingMax,
    async commit(group) {
      // A message that queued behind a group that failed fails with it: else it would go ahead of what came before it.
      const isLeft = group.map(({ kind, after }) => keepsOrder(kind) && after !== failure)
      const tried = group.filter((_, index) => !isLeft[index])
      const outcomes = tried.length > 0 ? await decide(tried.map(({ kind, input }) => ({ kind, input }))) : []
      return isLeft.map(left =>
        left ? { left: failure as Failure } : (outcomes.shift() as Outcome<Commands>),
      )
    },
  })

  return {
    get waiting() {
      return commands.waiting
    },
    async submit(kind, input) {
      const outcome = await commands.submit({ kind, input, after: failure })
      if ('left' in outcome) throw outcome.left
      if ('fault' in outcome) throw storageFailure(outcome.fault) ?? new Error(outcome.fault.message)
      return outcome.ok as never
    },
    async close() {
      await commands.drain()
      await thread.close()
    },
  }
}
