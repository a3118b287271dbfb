import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lakeProblems } from '../../../src/estate/lake/lake.ts'
import { readKey } from '../../../src/estate/lake/object-key.ts'
import { START } from '../../support/fake-clock.ts'
import { waitFor } from '../../support/wait-for.ts'
import { fateOf, ingestionWorld, linesOf, message, server } from './world.ts'

const HOUR_MS = 3_600_000
const at = (ms: number) => new Date(ms).toISOString()

describe('a message', () => {
  test('is taken when the lake has it, not before', async () => {
    const { ingestion, lake, until } = ingestionWorld()
    const answer = lake.hang()
    const fate = fateOf(ingestion.receive(message('server', server(1))))
    await until(() => lake.attempts.length === 1)
    expect(fate.is).toBe('open')
    expect(ingestion.figures()).toMatchObject({ waiting: 1, done: 0, last_success_at: null })
    answer()
    await waitFor(() => fate.is === 'taken')
    expect(await linesOf(lake.objects.values())).toEqual([{ received_at: START, sample: server(1) }])
    expect(ingestion.figures()).toMatchObject({ waiting: 0, done: 1, lag_seconds: 0, problem: null })
  })

  test('waits for all of its samples, in whatever partitions they are', async () => {
    const { ingestion, lake, until } = ingestionWorld()
    lake.fail(key => (key.includes('hour=09') ? 'away' : null))
    const both = [server(1), server(2, { timestamp: at(START - HOUR_MS) })]
    const split = fateOf(ingestion.receive(message('server', both)))
    const whole = fateOf(ingestion.receive(message('server', server(3))))
    await until(() => lake.objects.size === 1 && whole.is === 'taken')
    expect(split.is).toBe('open')
    lake.fail(null)
    await until(() => split.is === 'taken')
  })

  test('that cannot be used is taken too: it is durable with its reason', async () => {
    const { ingestion, lake, until, told_of } = ingestionWorld()
    const fates = ['', '[', '[]', '{}', 'null', '<script>'].map(payload =>
      fateOf(ingestion.receive(message('server', payload))),
    )
    await until(() => fates.every(({ is }) => is === 'taken'))
    expect([...lake.objects.keys()].map(readKey)).toMatchObject([{ kind: 'dead', hour: START }])
    expect(await linesOf(lake.objects.values())).toHaveLength(6)
    expect(told_of('deadLetters')).toEqual([
      ['deadLetters', 'malformed_json', 3],
      ['deadLetters', 'invalid', 3],
    ])
    expect(ingestion.figures()).toMatchObject({ done: 6, dead_letters: 6 })
  })
})

describe('a batch', () => {
  test('is one object a partition, told of with what is in it', async () => {
    const { ingestion, lake, until, told, said } = ingestionWorld()
    const fates = [
      message('server', [server(1), server(2), server(3, { timestamp: at(START - HOUR_MS) })]),
      message('server', server(4)),
      message('service', {
        timestamp: at(START),
        service_name: 's',
        error_rate_percent: 0,
        p95_response_time_ms: 1,
      }),
    ].map(one => fateOf(ingestion.receive(one)))
    await until(() => fates.every(({ is }) => is === 'taken'))
    expect([...lake.objects.keys()].map(key => key.replace(/\d{13}-test-\d{6}/, '…')).sort()).toEqual([
      'kind=server/day=2026-03-02/hour=09/….jsonl.gz',
      'kind=server/day=2026-03-02/hour=10/….jsonl.gz',
      'kind=service/day=2026-03-02/hour=10/….jsonl.gz',
    ])
    expect([...lake.objects.keys()].every(key => readKey(key) !== null)).toBe(true)
    expect(told.toSorted()).toEqual([...lake.objects.keys()].sort())
    expect(said).toContainEqual(['samples', 'server', 3])
    expect(said).toContainEqual(['samples', 'service', 1])
    expect(said).toContainEqual(['object', 'server', 3, expect.any(Number)])
    expect(said.filter(([what]) => what === 'flushSeconds')).toHaveLength(1)
  })

  test('gathers for two seconds', async () => {
    const { ingestion, lake, advance, asked } = ingestionWorld()
    const first = fateOf(ingestion.receive(message('server', server(1))))
    advance(1999)
    const second = fateOf(ingestion.receive(message('server', server(2))))
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(lake.attempts).toEqual([])
    advance(1)
    await waitFor(() => first.is === 'taken' && second.is === 'taken')
    expect(lake.attempts).toHaveLength(1)
    expect(asked).toEqual([2000])
  })

  test.each([
    ['lines', { lines: 10, size: 1e9, partitions: 200 }],
    ['characters', { lines: 1e9, size: 1500, partitions: 200 }],
  ])('leaves at once with as many %s as it may have', async (_, limits) => {
    const { ingestion, lake, asked } = ingestionWorld({ limits })
    const fates = Array.from({ length: 10 }, (_, n) =>
      fateOf(ingestion.receive(message('server', server(n)))),
    )
    await waitFor(() => fates.every(({ is }) => is === 'taken') || lake.objects.size > 0)
    // Without any time passing.
    expect(asked.length).toBeLessThanOrEqual(2)
    expect(lake.objects.size).toBeGreaterThan(0)
  })

  test('is alone on its way: what comes meanwhile gathers for the next', async () => {
    const { ingestion, lake, until } = ingestionWorld()
    const answer = lake.hang()
    const first = fateOf(ingestion.receive(message('server', server(0))))
    await until(() => lake.attempts.length === 1)
    const later = Array.from({ length: 50 }, (_, n) =>
      fateOf(ingestion.receive(message('server', server(n + 1)))),
    )
    await until(() => ingestion.figures().lag_seconds > 5)
    expect(lake.attempts).toHaveLength(1)
    answer()
    await until(() => [first, ...later].every(({ is }) => is === 'taken'))
    expect(lake.objects.size).toBe(2)
  })

  test('has at most 200 partitions: nobody opens a thousand with a few messages', async () => {
    const { ingestion, lake, until } = ingestionWorld()
    const samples = Array.from({ length: 450 }, (_, n) => server(n, { timestamp: at(START - n * HOUR_MS) }))
    const fate = fateOf(ingestion.receive(message('server', samples)))
    await until(() => fate.is === 'taken')
    const flushes = new Map<number, number>()
    for (const key of lake.objects.keys()) {
      const { writtenAt = 0 } = readKey(key) ?? {}
      flushes.set(writtenAt, (flushes.get(writtenAt) ?? 0) + 1)
    }
    expect(lake.objects.size).toBe(450)
    expect(Math.max(...flushes.values())).toBeLessThanOrEqual(200)
    expect(lake.mostUnderWay).toBeLessThanOrEqual(8)
  })
})

describe('while the lake fails', () => {
  test.each(lakeProblems)(
    'by being %s the batch is kept and told of, and taken when it is over',
    async problem => {
      const { ingestion, lake, until, told_of } = ingestionWorld()
      lake.fail(problem)
      const fate = fateOf(ingestion.receive(message('server', server(1))))
      await until(() => lake.attempts.length >= 4)
      expect(fate.is).toBe('open')
      expect(ingestion.figures()).toMatchObject({
        waiting: 1,
        done: 0,
        problem: expect.stringMatching(/^The .*\.$/),
      })
      expect(ingestion.figures().failed).toBeGreaterThanOrEqual(3)
      expect(ingestion.figures().lag_seconds).toBeGreaterThan(0)
      lake.fail(null)
      await until(() => fate.is === 'taken')
      expect(ingestion.figures()).toMatchObject({ waiting: 0, problem: null, lag_seconds: 0 })
      expect(new Set(lake.attempts).size).toBe(1)
      expect(told_of('lakeFailed')).toEqual([['lakeFailed', problem, expect.any(String)]])
      expect(told_of('lakeRecovered')).toHaveLength(1)
    },
  )

  test('it is tried again after 0.1 s, and then ever more seldom up to every 5 s', async () => {
    const { ingestion, lake, until, asked } = ingestionWorld()
    lake.fail('away')
    void ingestion.receive(message('server', server(1))).catch(() => {})
    await until(() => asked.length >= 10)
    expect(asked.slice(0, 10)).toEqual([2000, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000])
  })

  test('what is in the lake already is not written again, and what is not keeps its name', async () => {
    const { ingestion, lake, until } = ingestionWorld()
    lake.fail(key => (key.includes('hour=07') ? 'full' : null))
    const samples = Array.from({ length: 6 }, (_, n) => server(n, { timestamp: at(START - n * HOUR_MS) }))
    const fate = fateOf(ingestion.receive(message('server', samples)))
    await until(() => lake.attempts.length >= 20)
    lake.fail(null)
    await until(() => fate.is === 'taken')
    expect(new Set(lake.attempts).size).toBe(6)
    const twice = lake.attempts.filter((key, index) => lake.attempts.indexOf(key) !== index)
    expect(twice.filter(key => !key.includes('hour=07'))).toEqual([])
    expect(await linesOf(lake.objects.values())).toHaveLength(6)
  })

  test('another reason is told of too', async () => {
    const { ingestion, lake, until, told_of } = ingestionWorld()
    lake.fail('away')
    const fate = fateOf(ingestion.receive(message('server', server(1))))
    await until(() => lake.attempts.length === 3)
    lake.fail('full')
    await until(() => lake.attempts.length === 6)
    lake.fail(null)
    await until(() => fate.is === 'taken')
    expect(told_of('lakeFailed').map(([, problem]) => problem)).toEqual(['away', 'full'])
  })

  test('by not answering it is told as slow after 10 s, without anything else being tried', async () => {
    const { ingestion, lake, until } = ingestionWorld()
    const answer = lake.hang()
    const fate = fateOf(ingestion.receive(message('server', server(1))))
    await until(() => lake.attempts.length === 1)
    expect(ingestion.figures().problem).toBeNull()
    await until(() => ingestion.figures().problem !== null)
    expect(ingestion.figures().problem).toBe('The lake does not answer in time.')
    expect(lake.attempts).toHaveLength(1)
    answer()
    await until(() => fate.is === 'taken')
    expect(ingestion.figures().problem).toBeNull()
  })

  test('as many samples as are allowed wait; more are left with their senders, until there is room', async () => {
    const { ingestion, lake, until } = ingestionWorld({ waitingMax: 10 })
    lake.fail('full')
    const list = (from: number, count: number) =>
      message(
        'server',
        Array.from({ length: count }, (_, n) => server(from + n)),
      )
    const first = fateOf(ingestion.receive(list(0, 8)))
    const second = fateOf(ingestion.receive(list(8, 8)))
    await expect(ingestion.receive(list(16, 1))).rejects.toMatchObject({ reason: 'overloaded' })
    expect(ingestion.figures().waiting).toBe(16)
    lake.fail(null)
    await until(() => first.is === 'taken' && second.is === 'taken')
    const third = fateOf(ingestion.receive(list(16, 1)))
    await until(() => third.is === 'taken')
    expect(await linesOf(lake.objects.values())).toHaveLength(17)
  })
})

describe('a stop', () => {
  test('takes no more, and writes what it has without waiting', async () => {
    const { ingestion, lake } = ingestionWorld()
    const fate = fateOf(ingestion.receive(message('server', server(1))))
    const stopped = ingestion.stop()
    await expect(ingestion.receive(message('server', server(2)))).rejects.toMatchObject({
      reason: 'stopping',
    })
    await stopped
    expect(fate.is).toBe('taken')
    expect(await linesOf(lake.objects.values())).toHaveLength(1)
  })

  test.each(['fails', 'hangs'])(
    'where the lake %s ends after 5 s, and leaves the messages with their senders',
    async how => {
      const { ingestion, lake, until, clock } = ingestionWorld()
      const answer = how === 'hangs' ? lake.hang() : lake.fail('away')
      const first = fateOf(ingestion.receive(message('server', server(1))))
      await until(() => lake.attempts.length === 1)
      const second = fateOf(ingestion.receive(message('server', server(2))))
      const began = clock.monotonic()
      let isOver = false
      void ingestion.stop().then(() => {
        isOver = true
      })
      await until(() => isOver)
      expect(clock.monotonic() - began).toBeGreaterThanOrEqual(5000)
      expect([first, second]).toEqual([
        { is: 'refused', reason: 'stopping' },
        { is: 'refused', reason: 'stopping' },
      ])
      expect(ingestion.figures().waiting).toBe(0)
      // What the lake takes too late changes nothing any more.
      answer?.()
      await new Promise(resolve => setTimeout(resolve, 20))
      expect(ingestion.figures()).toMatchObject({ waiting: 0, done: 0 })
    },
  )

  test('of what has nothing to do is over at once', async () => {
    const { ingestion } = ingestionWorld()
    await ingestion.stop()
    await ingestion.stop()
  })
})

test('whatever comes and however the lake fails: a line a sample is in the lake, none twice, and none is taken before', async () => {
  const sample = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.nat(500).map(hours => server(hours, { timestamp: at(START - hours * HOUR_MS) })),
    },
    { weight: 1, arbitrary: fc.jsonValue() as fc.Arbitrary<unknown> },
  )
  const messages = fc.array(fc.array(sample, { minLength: 1, maxLength: 20 }), {
    minLength: 1,
    maxLength: 20,
  })
  await fc.assert(
    fc.asyncProperty(messages, fc.array(fc.boolean(), { maxLength: 60 }), async (sent, failures) => {
      const { ingestion, lake, until } = ingestionWorld({ limits: { lines: 30, size: 1e6, partitions: 7 } })
      const left = [...failures]
      lake.fail(() => (left.shift() ? 'away' : null))
      const fates = sent.map(list => fateOf(ingestion.receive(message('server', list))))
      await until(() => fates.every(({ is }) => is === 'taken'))
      const lines = await linesOf(lake.objects.values())
      expect(lines).toHaveLength(sent.flat().length)
      const kept = lines.map(line => ('sample' in line ? JSON.stringify(line.sample) : line.payload))
      expect(kept.toSorted()).toEqual(
        sent
          .flat()
          .map(one => JSON.stringify(one))
          .toSorted(),
      )
      expect(ingestion.figures()).toMatchObject({ waiting: 0, done: lines.length, problem: null })
    }),
    { numRuns: 40 },
  )
}, 60_000)
