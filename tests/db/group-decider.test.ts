import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Fault, groupDecider } from '../../src/db/group-decider.ts'
import { openDatabase } from '../../src/db/open.ts'
import { temporaryFolder } from '../support/world.ts'

interface Decided {
  outcomes: (string | Fault)[]
  told: string[]
}

/** Keeps words; `poison` breaks, `full` finds no room on the disk. */
function aDecider(inOrder: boolean) {
  const db = openDatabase({ path: join(temporaryFolder(), 'words.db'), busyTimeoutMs: 100 })
  onTestFinished(() => void db.$client.close())
  db.$client.exec('CREATE TABLE words (word TEXT)')
  const add = db.$client.prepare('INSERT INTO words VALUES (?)')
  let fullAfter = Number.POSITIVE_INFINITY
  const decide = groupDecider<string, Decided>(db, {
    inOrder,
    decide({ commands }) {
      for (const word of commands) {
        add.run(word)
        if (word === 'poison') throw new TypeError('poisoned')
        if (word === 'full' && commands.length <= fullAfter)
          throw Object.assign(new Error('no room'), { code: 'SQLITE_FULL' })
      }
      return { outcomes: [...commands], told: commands.map(word => `${word}!`) }
    },
    broken: fault => ({ outcomes: [fault], told: [] }),
  })
  return {
    decide: (...commands: string[]) => decide({ commands, at: 0 }),
    /** The disk is full for groups of so many and fewer. */
    fullFor(commands: number) {
      fullAfter = commands
    },
    words: () => db.$client.prepare('SELECT word FROM words').pluck().all(),
  }
}
const poisoned = { message: 'poisoned', code: undefined }

test.each([true, false])('one that breaks fails alone, in order: %s', inOrder => {
  const world = aDecider(inOrder)
  expect(world.decide('a', 'poison', 'b')).toEqual({ outcomes: ['a', poisoned, 'b'], told: ['a!', 'b!'] })
  expect(world.words()).toEqual(['a', 'b'])
})

test.each([true, false])('a full disk fails the whole group, in order: %s', inOrder => {
  const world = aDecider(inOrder)
  expect(() => world.decide('a', 'full', 'b')).toThrow('no room')
  expect(world.words()).toEqual([])
})

test('a disk that fails on the way fails the command, or all of the group where order counts', () => {
  const each = aDecider(false)
  each.fullFor(1)
  expect(each.decide('a', 'poison', 'full', 'b').outcomes).toEqual([
    'a',
    poisoned,
    { message: 'no room', code: 'SQLITE_FULL' },
    'b',
  ])
  const ordered = aDecider(true)
  ordered.fullFor(1)
  expect(() => ordered.decide('a', 'poison', 'full', 'b')).toThrow('no room')
})

test('one that was alone from the start is thrown, or a fault where order counts', () => {
  expect(() => aDecider(false).decide('poison')).toThrow(TypeError)
  expect(aDecider(true).decide('poison')).toEqual({ outcomes: [poisoned], told: [] })
})
