import { expect, test } from 'vitest'
import { type Command, createDurableWriter, type Outcome } from '../../src/db/durable-writer.ts'
import type { Group } from '../../src/db/group-decider.ts'
import { Failure } from '../../src/shared/errors.ts'
import { fakeClock, START } from '../support/fake-clock.ts'

interface Commands {
  say: { in: string; out: string }
  ask: { in: number; out: number }
}
interface Decided {
  outcomes: Outcome<Commands>[]
}

/** A thread that answers when the test says so. */
function world(options: { groupMax?: number; waitingMax?: number } = {}) {
  const calls: { group: Group<Command<Commands>>; settle: (failure?: Error) => void }[] = []
  const committed: number[] = []
  let closed = false
  const writer = createDurableWriter<Commands, Decided>({
    thread: {
      call: group =>
        new Promise((resolve, reject) => {
          const decided = group.commands.map(({ input }) =>
            input === 'poison'
              ? { fault: { message: 'poisoned', code: undefined } }
              : input === 'full'
                ? { fault: { message: 'no room', code: 'SQLITE_FULL' } }
                : { ok: input },
          )
          calls.push({
            group,
            settle: failure => (failure ? reject(failure) : resolve({ outcomes: decided })),
          })
        }),
      close: async () => {
        closed = true
      },
    },
    clock: fakeClock(),
    committed: (_decided, commands) => void committed.push(commands),
    keepsOrder: kind => kind === 'say',
    ...options,
  })
  const turn = () => new Promise(resolve => setImmediate(() => setImmediate(resolve)))
  const inputs = () => calls.map(({ group }) => group.commands.map(({ input }) => input))
  return { writer, calls, inputs, committed, turn, isClosed: () => closed }
}
const locked = new Failure('storage_locked', 'Another program holds the database.')

test('what comes while a group is on its way is the next group, and each is answered with its own', async () => {
  const w = world()
  const first = w.writer.submit('say', 'a')
  await w.turn()
  const more = [w.writer.submit('ask', 1), w.writer.submit('say', 'b')]
  expect(w.writer.waiting).toBe(2)
  w.calls[0]?.settle()
  expect(await first).toBe('a')
  await w.turn()
  w.calls[1]?.settle()
  expect(await Promise.all(more)).toEqual([1, 'b'])
  expect(w.inputs()).toEqual([['a'], [1, 'b']])
  expect(w.calls[0]?.group.at).toBe(START)
  expect(w.committed).toEqual([1, 2])
})

test('what queued behind a group that the disk refused fails with it, unless its order does not count', async () => {
  const w = world()
  const first = expect(w.writer.submit('say', 'a')).rejects.toBe(locked)
  await w.turn()
  const behind = expect(w.writer.submit('say', 'b')).rejects.toBe(locked)
  const beside = w.writer.submit('ask', 1)
  w.calls[0]?.settle(locked)
  await first
  await w.turn()
  w.calls[1]?.settle()
  await behind
  expect(await beside).toBe(1)
  expect(w.inputs()).toEqual([['a'], [1]])
  const again = w.writer.submit('say', 'a')
  await w.turn()
  w.calls[2]?.settle()
  expect(await again).toBe('a')
})

test('a fault is an error of its command, and a failure where it is the storage’s', async () => {
  const w = world()
  const settled = Promise.allSettled(['poison', 'full', 'a'].map(text => w.writer.submit('say', text)))
  await w.turn()
  w.calls[0]?.settle()
  expect(await settled).toMatchObject([
    { reason: { message: 'poisoned' } },
    { reason: { reason: 'storage_full' } },
    { value: 'a' },
  ])
})

test('beyond its bound it refuses; when it closes it decides what waits and takes no more', async () => {
  const w = world({ groupMax: 1, waitingMax: 2 })
  const taken = ['a', 'b'].map(text => w.writer.submit('say', text))
  await expect(w.writer.submit('say', 'c')).rejects.toMatchObject({ reason: 'overloaded' })
  const closing = w.writer.close()
  await expect(w.writer.submit('say', 'd')).rejects.toMatchObject({ reason: 'stopping' })
  for (const index of [0, 1]) {
    await w.turn()
    expect(w.isClosed()).toBe(false)
    w.calls[index]?.settle()
  }
  expect(await Promise.all(taken)).toEqual(['a', 'b'])
  await closing
  expect([w.inputs(), w.isClosed()]).toEqual([[['a'], ['b']], true])
})
