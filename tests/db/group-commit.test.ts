import { expect, test } from 'vitest'
import { type GroupCommitOptions, groupCommit } from '../../src/db/group-commit.ts'

/** A store whose groups are decided when the test says so; each outcome is its command in capitals. */
function aStore(options: Partial<GroupCommitOptions<string, string>> = {}) {
  const groups: { commands: string[]; decide: () => void; fail: (error: Error) => void }[] = []
  const commits = groupCommit<string, string>({
    groupMax: 3,
    waitingMax: 5,
    commit: commands =>
      new Promise((resolve, reject) => {
        groups.push({
          commands,
          decide: () => resolve(commands.map(name => name.toUpperCase())),
          fail: reject,
        })
      }),
    ...options,
  })
  const submit = (...commands: string[]) => {
    const outcomes = commands.map(command => commits.submit(command))
    for (const outcome of outcomes) outcome.catch(() => {})
    return outcomes
  }
  return { commits, submit, groups, sent: () => groups.map(({ commands }) => commands) }
}

const nextTurn = () => new Promise(resolve => setImmediate(resolve))

test('commands that arrive in one turn of the event loop are one group, in the order they came', async () => {
  const { submit, groups, sent } = aStore()
  const outcomes = submit('a', 'b')
  await Promise.resolve()
  outcomes.push(...submit('c'))
  await nextTurn()
  expect(sent()).toEqual([['a', 'b', 'c']])
  groups[0]?.decide()
  expect(await Promise.all(outcomes)).toEqual(['A', 'B', 'C'])
})

test('while a group is on its way the next one gathers: never two at once', async () => {
  const { submit, groups, sent } = aStore()
  submit('a')
  await nextTurn()
  const later = submit('b', 'c')
  await nextTurn()
  expect(sent()).toEqual([['a']])
  groups[0]?.decide()
  await nextTurn()
  expect(sent()).toEqual([['a'], ['b', 'c']])
  groups[1]?.decide()
  expect(await Promise.all(later)).toEqual(['B', 'C'])
})

test('a group is no larger than it may be; the rest keeps its order', async () => {
  const { submit, groups, sent } = aStore()
  submit('a', 'b', 'c', 'd', 'e')
  await nextTurn()
  groups[0]?.decide()
  await nextTurn()
  expect(sent()).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e'],
  ])
})

test('a group that fails rejects its own commands only', async () => {
  const { submit, groups } = aStore()
  const failing = submit('a', 'b')
  await nextTurn()
  const next = submit('c')
  groups[0]?.fail(new Error('the disk is full'))
  expect(await Promise.allSettled(failing)).toMatchObject([
    { status: 'rejected', reason: { message: 'the disk is full' } },
    { status: 'rejected', reason: { message: 'the disk is full' } },
  ])
  await nextTurn()
  groups[1]?.decide()
  expect(await Promise.all(next)).toEqual(['C'])
})

test('a commit that throws at once is a group that fails', async () => {
  const commits = groupCommit({
    groupMax: 3,
    waitingMax: 5,
    commit: () => {
      throw new Error('broken')
    },
  })
  await expect(commits.submit('a')).rejects.toThrow('broken')
  await expect(commits.submit('b')).rejects.toThrow('broken')
})

test('as many may wait as may wait; one more is refused at once and the others are decided', async () => {
  const { commits, submit, groups } = aStore({ waitingMax: 2 })
  submit('under way')
  await nextTurn()
  const waiting = submit('a', 'b')
  expect(commits.waiting).toBe(2)
  await expect(commits.submit('c')).rejects.toMatchObject({ reason: 'overloaded' })
  groups[0]?.decide()
  await nextTurn()
  expect(commits.waiting).toBe(0)
  groups[1]?.decide()
  expect(await Promise.all(waiting)).toEqual(['A', 'B'])
})

test('a drain refuses new commands and resolves when the last waiting one is decided', async () => {
  const { commits, submit, groups } = aStore()
  const [under] = submit('a')
  await nextTurn()
  const [waiting] = submit('b')
  let drained = false
  const drain = commits.drain().then(() => {
    drained = true
  })
  await expect(commits.submit('c')).rejects.toMatchObject({ reason: 'stopping' })
  groups[0]?.decide()
  await nextTurn()
  expect(drained).toBe(false)
  groups[1]?.decide()
  await drain
  expect(await Promise.all([under, waiting])).toEqual(['A', 'B'])
})

test('a drain resolves after a group that failed, and at once where nothing waits', async () => {
  await aStore().commits.drain()
  const { commits, submit, groups } = aStore()
  submit('a')
  const drain = commits.drain()
  await nextTurn()
  groups[0]?.fail(new Error('broken'))
  await drain
})

test('everyone who drains is told when it is done, not only the last', async () => {
  const { commits, submit, groups } = aStore()
  submit('a')
  const told: string[] = []
  void commits.drain().then(() => told.push('first'))
  void commits.drain().then(() => told.push('second'))
  await nextTurn()
  groups[0]?.decide()
  await nextTurn()
  expect(told).toEqual(['first', 'second'])
})
