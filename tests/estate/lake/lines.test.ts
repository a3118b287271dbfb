import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeText, encodeLines, lineOf } from '../../../src/estate/lake/lines.ts'

const line = (n: number) => lineOf({ received_at: n, sample: { server_id: `server-${n}` } })

test('what was written is read, line by line, whatever is in it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1 }),
      async samples => {
        const lines = samples.map((sample, n) => lineOf({ received_at: n, sample }))
        const { text, problem } = await decodeText(await encodeLines(lines))
        expect(problem).toBeNull()
        expect(text.trimEnd().split('\n')).toEqual(lines)
      },
    ),
  )
})

test('the same lines make the same bytes, so a repeated write is the same object', async () => {
  const lines = Array.from({ length: 1000 }, (_, n) => line(n))
  expect((await encodeLines(lines)).equals(await encodeLines(lines))).toBe(true)
})

describe('a damaged object', () => {
  const lines = Array.from({ length: 20_000 }, (_, n) => line(n * 7919))

  test('that was cut off gives the whole lines before the cut, and says so', async () => {
    const body = await encodeLines(lines)
    const { text, problem } = await decodeText(body.subarray(0, body.length / 2))
    expect(problem).not.toBeNull()
    const read = text.split('\n').slice(0, -1)
    expect(read.length).toBeGreaterThan(1000)
    expect(read).toEqual(lines.slice(0, read.length))
  })

  test('that was changed in its middle gives lines that were in it, and says so', async () => {
    const body = Buffer.from(await encodeLines(lines))
    body.fill(255, body.length / 2, body.length / 2 + 100)
    const { text, problem } = await decodeText(body)
    expect(problem).not.toBeNull()
    expect(text === '' || text.endsWith('\n')).toBe(true)
  })

  test('whose last line has no end gives the lines before it, and says so', async () => {
    expect(await decodeText(gzipSync('{"a":1}\n{"b":'))).toEqual({
      text: '{"a":1}\n',
      problem: 'its last line is cut off',
    })
  })

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('{"received_at":1}\n')],
    ['noise', Buffer.from([0x1f, 0x8b, 1, 2, 3, 4])],
  ])('that is %s gives no line, and says so', async (_, body) => {
    const { text, problem } = await decodeText(body)
    expect(text).toBe('')
    expect(problem).not.toBeNull()
  })

  test('that unpacks without end is read to the bound only', async () => {
    const { text, problem } = await decodeText(gzipSync('x\n'.repeat(5_000_000)), 1_000_001)
    expect(text).toHaveLength(1_000_000)
    expect(problem).toBe('it has more than 1000001 bytes')
  })
})
