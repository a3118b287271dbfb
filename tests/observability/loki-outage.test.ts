import { expect, test } from 'vitest'
import { lineOf, linesFrom, pushing } from './pushing.ts'

const soon = { interval: 5, timeout: 8000 }

test.each([429, 500, 'closes the socket', 'breaks off its answer'] as const)(
  'a Loki that %s for a while gets every line once, in order, and is said to be back once',
  async mood => {
    const { output, loki, told, arrived, settled } = await pushing()
    loki.mood = mood
    output.write(linesFrom(0, 10).join(''))
    await expect.poll(() => told.failures.length, soon).toBeGreaterThan(0)
    output.write(linesFrom(10, 20).join(''))
    await expect.poll(() => told.failures.length, soon).toBeGreaterThan(1)
    expect(output.waitingBytes).toBe(linesFrom(0, 20).join('').length)
    expect(told.recoveries).toBe(0)
    loki.mood = 204
    await settled()
    expect(arrived()).toEqual(linesFrom(0, 20))
    expect(told).toMatchObject({ dropped: 0, recoveries: 1 })
  },
)

test('a Loki that is slow gets every line once: nothing is sent twice for impatience', async () => {
  const { output, loki, arrived, settled, told } = await pushing()
  loki.mood = 'hangs'
  output.write(linesFrom(0, 10).join(''))
  await expect.poll(() => loki.asked.length, soon).toBe(1)
  output.write(linesFrom(10, 20).join(''))
  await new Promise(resolve => setTimeout(resolve, 700))
  expect(loki.asked).toHaveLength(1)
  loki.mood = 204
  loki.release()
  await settled()
  expect(arrived()).toEqual(linesFrom(0, 20))
  expect(told.failures).toEqual([])
})

test('a Loki that refuses loses those lines, counted, and takes the next', async () => {
  const { output, loki, told, arrived, settled } = await pushing()
  loki.mood = 400
  output.write(linesFrom(0, 10).join(''))
  await settled()
  expect(told).toMatchObject({ dropped: 10, failures: ['400 the words of this Loki'], recoveries: 0 })
  loki.mood = 204
  output.write(linesFrom(10, 20).join(''))
  await settled()
  expect(arrived()).toEqual(linesFrom(10, 20))
  expect(told).toMatchObject({ dropped: 10, recoveries: 1 })
})

test('a Loki that keeps lines and fails to say so gets them again: twice is better than never', async () => {
  const { output, loki, arrived, settled, told } = await pushing()
  loki.mood = 'keeps, then closes the socket'
  output.write(linesFrom(0, 10).join(''))
  await expect.poll(() => told.failures.length, soon).toBeGreaterThan(0)
  loki.mood = 204
  await settled()
  expect(arrived()).toEqual([...linesFrom(0, 10), ...linesFrom(0, 10)])
})

test('a thread that dies loses what it had, counted, and the next line has another', async () => {
  const { output, told, arrived, settled } = await pushing()
  output.write(`${lineOf(0)}this is no line of the log\n`)
  await settled()
  expect(told).toMatchObject({ dropped: 2, failures: [expect.stringContaining('JSON')] })
  output.write(lineOf(1))
  await settled()
  expect(arrived()).toEqual([lineOf(1)])
})

test('close() gives up on a Loki that hangs after three seconds, and what it had stays counted as waiting', async () => {
  const { output, loki } = await pushing()
  loki.mood = 'hangs'
  const lines = linesFrom(0, 10).join('')
  output.write(lines)
  await expect.poll(() => loki.asked.length, soon).toBe(1)
  const begun = performance.now()
  await output.close()
  const took = performance.now() - begun
  expect(took).toBeGreaterThan(2900)
  expect(took).toBeLessThan(6000)
  expect(output.waitingBytes).toBe(lines.length)
})

test('close() still delivers to a Loki that comes back in time', async () => {
  const { output, loki, told, arrived } = await pushing()
  loki.mood = 503
  output.write(linesFrom(0, 10).join(''))
  await expect.poll(() => told.failures.length, soon).toBeGreaterThan(0)
  const closed = output.close()
  loki.mood = 204
  await closed
  expect(arrived()).toEqual(linesFrom(0, 10))
  expect(output.waitingBytes).toBe(0)
})
