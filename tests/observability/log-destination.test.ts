import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import {
  boomOutput,
  type LogOutput,
  logDestination,
  WAITING_MAX_BYTES,
} from '../../src/observability/log-destination.ts'
import { temporaryFolder } from '../support/world.ts'
import { linesFrom, observer } from './pushing.ts'

/** An output that keeps what it is handed, each hand-over by itself. */
function recording(close: () => Promise<void> = async () => {}) {
  const handed: string[] = []
  const output: LogOutput = { write: lines => void handed.push(lines), close }
  return { output, handed }
}

test('the lines of one turn leave together, after the turn, in order, to every output alike', async () => {
  const outputs = [recording(), recording(), recording()]
  const log = logDestination(outputs.map(({ output }) => output))
  for (const line of ['1\n', '2\n']) log.write(line)
  await Promise.resolve()
  log.write('3\n')
  for (const { handed } of outputs) expect(handed).toEqual([])
  await turn()
  log.write('4\n')
  await turn()
  for (const { handed } of outputs) expect(handed).toEqual(['1\n2\n3\n', '4\n'])
})

test('a turn without lines hands over nothing', async () => {
  const { output, handed } = recording()
  logDestination([output])
  await turn()
  await turn()
  expect(handed).toEqual([])
})

test('close() hands over what is gathered, once, and then nothing more', async () => {
  const { output, handed } = recording()
  const log = logDestination([output])
  log.write('1\n')
  await log.close?.()
  log.write('2\n')
  await turn()
  await log.close?.()
  expect(handed).toEqual(['1\n'])
})

test('close() closes all outputs at once, and waits for the slowest', async () => {
  vi.useFakeTimers()
  try {
    const after = (ms: number) => recording(() => new Promise(resolve => setTimeout(resolve, ms))).output
    let isClosed = false
    void logDestination([after(10), after(2000), after(3000)])
      .close?.()
      .then(() => {
        isClosed = true
      })
    await vi.advanceTimersByTimeAsync(2999)
    expect(isClosed).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(isClosed).toBe(true)
  } finally {
    vi.useRealTimers()
  }
})

/** A pipe, not waited for. @returns where to write; its reader reads only when told */
function pipe() {
  const path = join(temporaryFolder(), 'pipe')
  execFileSync('mkfifo', [path])
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  const into = Buffer.alloc(64 * 1024)
  return { fd, read: () => into.toString('utf8', 0, readSync(reader, into)), leave: () => closeSync(reader) }
}

test('an output that stalls keeps nobody waiting: beyond its bound it drops, counted to the line, and the others have every line', async () => {
  const { fd, read, leave } = pipe()
  const { told, ...watching } = observer()
  const stalled = boomOutput({ fd }, watching).output
  const { output, handed } = recording()
  const log = logDestination([stalled, output])
  const lines = linesFrom(0, 2000, { reason: 'x'.repeat(10_000) })
  const took: number[] = []
  for (const line of lines) {
    const begun = performance.now()
    log.write(line)
    await turn()
    took.push(performance.now() - begun)
  }
  expect(took.sort((a, b) => a - b)[1000]).toBeLessThan(5)
  expect(handed).toEqual(lines)
  const held = lines.slice(0, lines.length - told.dropped).join('').length
  expect(held).toBeLessThanOrEqual(WAITING_MAX_BYTES + 64 * 1024)
  expect(held).toBeGreaterThan(WAITING_MAX_BYTES - 20_000)
  const begun = performance.now()
  await log.close?.()
  expect(performance.now() - begun).toBeGreaterThan(900)
  expect(performance.now() - begun).toBeLessThan(4000)
  const read64k = read()
  expect(read64k.length).toBeGreaterThan(60_000)
  expect(lines.join('').startsWith(read64k)).toBe(true)
  expect(told.failures).toEqual([])
  leave()
})

test('an output that catches up has every line once, in order', async () => {
  const { fd, read, leave } = pipe()
  const { told, ...watching } = observer()
  const { output } = boomOutput({ fd }, watching)
  const log = logDestination([output])
  const lines = linesFrom(0, 600)
  for (const line of lines) {
    log.write(line)
    await turn()
  }
  let text = ''
  const wanted = lines.join('')
  expect(wanted.length).toBeGreaterThan(100_000)
  await expect
    .poll(
      () => {
        try {
          text += read()
        } catch (error) {
          expect((error as NodeJS.ErrnoException).code).toBe('EAGAIN')
        }
        return text.length
      },
      { interval: 20, timeout: 8000 },
    )
    .toBe(wanted.length)
  expect(text).toBe(wanted)
  await log.close?.()
  expect(told).toEqual({ dropped: 0, failures: [], recoveries: 0 })
  leave()
})

test('an output whose reader is gone counts each failed write, ends nothing, and the others have every line', async () => {
  const { fd, leave } = pipe()
  leave()
  const { told, ...watching } = observer()
  const { output, handed } = recording()
  const log = logDestination([boomOutput({ fd }, watching).output, output])
  for (const line of linesFrom(0, 3)) {
    const failures = told.failures.length
    log.write(line)
    await expect.poll(() => told.failures.length, { interval: 5, timeout: 8000 }).toBe(failures + 1)
  }
  for (const reason of told.failures) expect(reason).toContain('EPIPE')
  expect(handed).toEqual(linesFrom(0, 3))
  const begun = performance.now()
  await log.close?.()
  expect(performance.now() - begun).toBeLessThan(4000)
})
