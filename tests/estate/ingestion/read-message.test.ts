import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readMessage, required } from '../../../src/estate/ingestion/read-message.ts'
import { START } from '../../support/fake-clock.ts'
import { message, server } from './world.ts'

const DAY_MS = 86_400_000
const container = {
  timestamp: '2026-03-02T09:30:00Z',
  container_id: 'c',
  cpu_percent: 1,
  memory_mb: 1,
  health: 'healthy',
}
const service = {
  timestamp: '2026-03-02T09:30:00Z',
  service_name: 's',
  error_rate_percent: 0,
  p95_response_time_ms: 1,
}
const good = { server: server(1), container, service }
const at = (ms: number) => new Date(ms).toISOString()
const read = (kind: string, payload: unknown) => readMessage(message(kind, payload), START)
const reasons = (kind: string, payload: unknown) => read(kind, payload).map(({ reason }) => reason)

describe('a sample', () => {
  test('is kept as it came, with the time when it came, in the partition of its own time', () => {
    const sample = { ...server(7), timestamp: '2026-03-01T23:59:59.5+02:00', more: { of: ['it', null, 0] } }
    expect(read('server', sample)).toEqual([
      {
        partition: 'kind=server/day=2026-03-01/hour=21/',
        kind: 'server',
        at: Date.parse('2026-03-01T21:59:59.500Z'),
        reason: null,
        text: JSON.stringify({ received_at: START, sample }),
      },
    ])
  })

  test.each(Object.entries(good))('of a %s with what its kind requires is taken', (kind, sample) => {
    expect(reasons(kind, sample)).toEqual([null])
  })

  test.each(Object.entries(required).flatMap(([kind, names]) => names.map(name => [kind, name] as const)))(
    'of a %s without %s is set aside and says so',
    (kind, name) => {
      for (const value of [undefined, null]) {
        const [line] = read(kind, { ...good[kind as keyof typeof good], [name]: value })
        expect(line).toMatchObject({ kind: 'dead', reason: 'invalid' })
        expect(JSON.parse(line?.text ?? '').detail).toContain(name)
      }
    },
  )

  test('zero, an empty text and false are there, for those who judge values', () => {
    expect(reasons('server', server(0, { cpu_percent: 0, memory_percent: false, status: '' }))).toEqual([
      null,
    ])
  })

  test('whose required field is only inherited is set aside', () => {
    expect(reasons('server', '{"__proto__":{"timestamp":"2026-03-02T10:00:00Z"},"server_id":"s"}')).toEqual([
      'invalid',
    ])
  })

  test.each([
    ['now', START, null],
    ['a day ahead', START + DAY_MS, null],
    ['more than a day ahead', START + DAY_MS + 1, 'future'],
    ['in the year 9999', Date.parse('9999-12-31T23:59:59Z'), 'future'],
    ['400 days ago', START - 400 * DAY_MS, null],
    ['more than 400 days ago', START - 400 * DAY_MS - 1, 'too_old'],
    ['in 1970', 0, 'too_old'],
  ] as const)('of %s has a partition of its own, or none', (_, time, reason) => {
    const [line] = read('server', server(1, { timestamp: at(time) }))
    expect(line?.reason).toBe(reason)
    expect(line?.partition.startsWith(reason ? 'kind=dead/day=2026-03-02/hour=10/' : 'kind=server/')).toBe(
      true,
    )
  })

  test.each([
    ['yesterday'],
    [''],
    [12],
    [{}],
    [[]],
    ['2026-13-01T00:00:00Z'],
    ['x'.repeat(5000)],
    ['+275760-09-13T00:00:00Z'],
  ])('whose time is %j is set aside', timestamp => {
    const [reason] = reasons('server', server(1, { timestamp }))
    expect(['invalid', 'future']).toContain(reason)
  })
})

describe('a message', () => {
  test('of one sample or of a list gives a line a sample', () => {
    expect(read('server', server(1))).toHaveLength(1)
    expect(read('server', [server(1)])).toHaveLength(1)
    expect(
      read(
        'server',
        Array.from({ length: 500 }, (_, n) => server(n)),
      ),
    ).toHaveLength(500)
  })

  test.each([
    ['of 501 samples', 'server', Array.from({ length: 501 }, (_, n) => ({ n })), 'too_many'],
    ['of no samples', 'server', [], 'invalid'],
    ['that is empty', 'server', '', 'malformed_json'],
    ['that is cut off', 'server', '{"timestamp":"2026', 'malformed_json'],
    ['that is no text', 'server', Buffer.from([0xff, 0xfe, 0, 1]), 'malformed_json'],
    ['that is a number', 'server', '7', 'invalid'],
    ['that is null', 'server', 'null', 'invalid'],
    ['that is a text', 'server', '"<script>alert(1)</script>"', 'invalid'],
    ['of a list in a list', 'server', [[server(1)]], 'invalid'],
    ['on a topic of nobody', 'toaster', server(1), 'unknown_topic'],
    ['of 200,000 open brackets', 'server', '['.repeat(200_000), 'malformed_json'],
    ['nested 100,000 times', 'server', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'invalid'],
    [
      'of a sample nested 20,000 times',
      'server',
      `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
      'invalid',
    ],
    ['of more than 256 KB', 'server', Buffer.alloc(256 * 1024 + 1, 'x'), 'too_large'],
  ] as const)('%s is one line that says why', (_, kind, payload, reason) => {
    expect(reasons(kind, payload)).toEqual([reason])
  })

  test('that is too large is kept in its beginning only', () => {
    const [line] = read('server', Buffer.alloc(1_000_000, 'x'))
    expect(JSON.parse(line?.text ?? '')).toMatchObject({ payload: 'x'.repeat(2000), detail: '1000000 bytes' })
  })

  test('with one bad sample loses that one, and keeps its words', () => {
    const lines = read('server', [server(1), { server_id: '<script>' }, server(3)])
    expect(lines.map(({ reason }) => reason)).toEqual([null, 'invalid', null])
    expect(JSON.parse(lines[1]?.text ?? '')).toMatchObject({
      received_at: START,
      topic: 'estate/server',
      payload: '{"server_id":"<script>"}',
    })
  })

  test('that could not be read is kept word for word', () => {
    const payload = '{"a":1,}\n\u2028<b>\u0000'
    const [line] = read('server', payload)
    expect(line?.text).not.toContain('\n')
    expect(JSON.parse(line?.text ?? '').payload).toBe(payload)
  })

  test('whatever it is, there is a line for each sample, each one line of JSON of a known kind', () => {
    const anything = fc.oneof(
      fc.constantFrom(server(1), container, service),
      fc.jsonValue() as fc.Arbitrary<unknown>,
      fc.record({ timestamp: fc.oneof(fc.string(), fc.date({ noInvalidDate: true }).map(String)) }),
    )
    fc.assert(
      fc.property(
        fc.constantFrom('server', 'container', 'service'),
        fc.array(anything, { minLength: 1 }),
        (kind, samples) => {
          const lines = read(kind, samples)
          expect(lines).toHaveLength(samples.length)
          for (const [index, { text, reason, partition }] of lines.entries()) {
            expect(partition).toMatch(
              /^kind=(server|container|service|dead)\/day=\d{4}-\d\d-\d\d\/hour=\d\d\/$/,
            )
            const line = JSON.parse(text)
            expect(text).not.toContain('\n')
            if (reason === null) expect(line.sample).toEqual(JSON.parse(JSON.stringify(samples[index])))
            else expect(line.payload).toBe(JSON.stringify(samples[index]))
          }
        },
      ),
    )
  })

  test('of any bytes is never lost and never breaks', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ maxLength: 500 }), (topic, bytes) => {
        const lines = readMessage({ topic, payload: Buffer.from(bytes), retain: false }, START)
        expect(lines.length).toBeGreaterThan(0)
      }),
    )
  })
})
