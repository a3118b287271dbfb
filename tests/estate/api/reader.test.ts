import { expect, test, vi } from 'vitest'
import { createReader } from '../../../src/estate/reports/reader.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { Failure } from '../../../src/shared/errors.ts'
import { fakeClock, START } from '../../support/fake-clock.ts'
import { anEstateFile, aServer, MINUTE } from './estate-world.ts'

const query = { minutes: 30 }
/** Whatever calls the thread, counted. */
const calls = vi.hoisted(() => ({ kinds: [] as string[] }))
vi.mock('../../../src/estate/reports/answer.ts', async original => {
  const { answersOn } = await original<typeof import('../../../src/estate/reports/answer.ts')>()
  return {
    answersOn: (...options: Parameters<typeof answersOn>) => {
      const served = answersOn(...options)
      return {
        ...served,
        handle: (question: Parameters<typeof served.handle>[0]) => {
          calls.kinds.push(question.kind)
          return served.handle(question)
        },
      }
    },
  }
})

function aReader() {
  calls.kinds = []
  const { path, db } = anEstateFile()
  const clock = fakeClock()
  const took: number[] = []
  const reader = createReader({
    database: { path, busyTimeoutMs: 1000 },
    clock,
    inline: true,
    took: seconds => void took.push(seconds),
  })
  return { db, clock, reader, took, path }
}

test('who asks the same while it waits shares one answer, byte for byte; each question is measured once', async () => {
  const { reader, took } = aReader()
  const answers = await Promise.all(Array.from({ length: 50 }, () => reader.answer('serversHealth', query)))
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  expect(calls.kinds).toEqual(['serversHealth'])
  expect(took).toHaveLength(1)
  await Promise.all([
    reader.answer('serversHealth', { minutes: 31 }),
    reader.answer('dailyStats', { days: 1 }),
  ])
  expect(calls.kinds).toEqual(['serversHealth', 'serversHealth', 'dailyStats'])
})

test('an answer is kept for a second at most', async () => {
  const { db, clock, reader } = aReader()
  await reader.ask('serversHealth', query)
  aServer(db, 'server-0001')
  clock.advance(999)
  expect(await reader.ask('serversHealth', query)).toMatchObject({ total_servers: 0 })
  clock.advance(1)
  expect(await reader.ask('serversHealth', query)).toMatchObject({ total_servers: 1 })
})

test('an answer is not kept beyond a change', async () => {
  const { db, reader } = aReader()
  await reader.ask('serversHealth', query)
  aServer(db, 'server-0001')
  reader.changed()
  expect(await reader.ask('serversHealth', query)).toMatchObject({ total_servers: 1 })
})

test('who asks after a change does not share what began to be read before it', async () => {
  const { db, reader } = aReader()
  const before = reader.ask('serversHealth', query)
  // The first question is with the thread now.
  await Promise.resolve()
  await Promise.resolve()
  aServer(db, 'server-0001')
  reader.changed()
  const after = reader.ask('serversHealth', query)
  expect((await after).total_servers).toBe(1)
  await before
})

test('the time of an answer is that of its reading', async () => {
  const { db, clock, reader } = aReader()
  aServer(db, 'server-0001', { at: START })
  clock.advance(30 * MINUTE)
  expect(await reader.ask('serversHealth', query)).toMatchObject({ total_servers: 1 })
  clock.advance(1000)
  expect(await reader.ask('serversHealth', query)).toMatchObject({ total_servers: 0 })
})

test('more than a thousand different questions that wait are too many; afterwards there is room again', async () => {
  const { reader } = aReader()
  const asked = Array.from({ length: 1001 }, (_, index) =>
    reader.answer('faults', { limit: 1, offset: index }).then(
      () => 'answered',
      (error: Failure) => error.reason,
    ),
  )
  expect(reader.waiting).toBe(1000)
  const outcomes = await Promise.all(asked)
  expect(outcomes.filter(outcome => outcome === 'overloaded')).toHaveLength(1)
  expect(outcomes.at(-1)).toBe('overloaded')
  expect(reader.waiting).toBe(0)
  await reader.answer('faults', { limit: 1, offset: 5000 })
})

test('what is refused is not kept, names its field, and holds up nobody', async () => {
  const { reader } = aReader()
  const wrong = reader.answer('cpuTrend', { hours: 100, interval: '1min' })
  const right = reader.answer('cpuTrend', { hours: 1 })
  await expect(wrong).rejects.toMatchObject({
    reason: 'invalid_request',
    details: { errors: [{ path: 'interval' }] },
  })
  expect(JSON.parse((await right).text)).toHaveLength(12)
})

test('a fault of ours fails the one who asked, and nobody else', async () => {
  const { db, reader } = aReader()
  db.$client.exec('DROP TABLE estate_injected_faults')
  const broken = reader.answer('faults', { limit: 1, offset: 0 })
  const good = reader.answer('serversHealth', query)
  await expect(broken).rejects.toThrow(/estate_injected_faults/)
  expect((await good).text).toContain('total_servers')
})

test('the end waits for what was asked; afterwards nothing is answered', async () => {
  const { reader } = aReader()
  const asked = reader.answer('serversHealth', query)
  await reader.close()
  expect((await asked).text).toContain('"total_servers":0')
  await expect(reader.answer('serversHealth', query)).rejects.toBeInstanceOf(Failure)
  await reader.close()
})

test('in a thread of its own it answers the same, and says why it refuses', async () => {
  const { path, db } = anEstateFile()
  aServer(db, 'server-0001')
  const clock = { ...systemClock, now: () => START }
  const reader = createReader({ database: { path, busyTimeoutMs: 1000 }, clock, inline: false })
  const inline = createReader({ database: { path, busyTimeoutMs: 1000 }, clock, inline: true })
  expect(await reader.answer('serversHealth', query)).toEqual(await inline.answer('serversHealth', query))
  expect(
    await reader.answer('serversCurrent', {
      minutes: 30,
      limit: 1,
      offset: 0,
      sort: 'server_id',
      order: 'asc',
    }),
  ).toMatchObject({ total: 1 })
  await expect(reader.answer('cpuTrend', { hours: 100, interval: '1min' })).rejects.toMatchObject({
    reason: 'invalid_request',
  })
  await reader.close()
  await inline.close()
})
