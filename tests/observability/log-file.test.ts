import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { logFile } from '../../src/observability/log-file.ts'
import { StartFailure } from '../../src/shared/errors.ts'
import { mayMount, smallDisk } from '../support/small-disk.ts'
import { temporaryFolder } from '../support/world.ts'
import { lineOf, linesFrom, observer } from './pushing.ts'

const soon = { interval: 5, timeout: 8000 }

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile()

interface Settings {
  folder?: string
  maxBytes?: number
  keep?: number
}

function opened({ folder = temporaryFolder(), maxBytes = 2000, keep = 3 }: Settings = {}) {
  const path = join(folder, 'server.log')
  const watching = observer()
  const output = logFile({ path, maxBytes, keep }, watching)
  const aside = (age: number) => (age === 0 ? path : `${path}.${age}`)
  const textOf = (age: number) => (isFile(aside(age)) ? readFileSync(aside(age), 'utf8') : '')
  const all = () => Array.from({ length: 201 }, (_, index) => textOf(200 - index)).join('')
  return {
    path,
    output,
    told: watching.told,
    aside,
    textOf,
    names: () => readdirSync(folder).sort(),
    /** Everything that is kept, the oldest first. */
    all,
    /** Writes and waits until the disk has it. */
    async written(lines: string) {
      const before = all().length
      output.write(lines)
      await expect.poll(() => all().length, soon).toBe(before + lines.length)
    },
  }
}

test('a file that reaches its size is put aside as .1, the older ones move on, and the oldest goes', async () => {
  const { names, output, textOf, told } = opened({ keep: 3 })
  const files = Array.from({ length: 6 }, (_, n) => linesFrom(n * 20, n * 20 + 20).join(''))
  for (const file of files) {
    output.write(file)
    await expect.poll(() => [textOf(1), textOf(0)], soon).toEqual([file, ''])
  }
  await expect.poll(names, soon).toEqual(['server.log', 'server.log.1', 'server.log.2', 'server.log.3'])
  expect([textOf(3), textOf(2), textOf(1)]).toEqual(files.slice(3))
  await output.close()
  expect(told).toEqual({ dropped: 0, failures: [], recoveries: 0 })
})

test('a file below its size stays', async () => {
  const { names, output } = opened({ maxBytes: 2001 })
  output.write(`${'x'.repeat(1999)}\n`)
  await output.close()
  expect(names()).toEqual(['server.log'])
})

test('over more than fifty rotations no line is lost, torn or moved', async () => {
  const { output, all, names } = opened({ maxBytes: 2000, keep: 200 })
  const lines = linesFrom(0, 1200, { user: 'ä€😀' })
  for (let from = 0; from < lines.length; from += 20) {
    for (const line of lines.slice(from, from + 20)) {
      output.write(line)
      if (Math.random() < 0.2) await turn()
    }
    await expect.poll(() => all().split('\n').length - 1, soon).toBe(from + 20)
  }
  await output.close()
  expect(names().length).toBeGreaterThan(51)
  expect(all()).toBe(lines.join(''))
})

test('each file ends with a whole line, also when lines come faster than the disk takes them', async () => {
  const { output, all, names, textOf, told } = opened({ maxBytes: 20_000, keep: 200 })
  const lines = linesFrom(0, 8000)
  for (const line of lines) output.write(line)
  await expect.poll(() => all().split('\n').length - 1, soon).toBe(lines.length)
  await output.close()
  expect(names().length).toBeGreaterThan(20)
  for (let age = 1; age < names().length; age++) expect(textOf(age)).toMatch(/\}\n$/)
  expect(all()).toBe(lines.join(''))
  expect(told).toEqual({ dropped: 0, failures: [], recoveries: 0 })
})

test('what waits when the log is closed is written, without another file', async () => {
  const { output, textOf, names, told } = opened({ maxBytes: 20_000, keep: 1 })
  const lines = linesFrom(0, 1000).join('')
  output.write(lines.slice(0, 100_000))
  output.write(lines.slice(100_000))
  await output.close()
  expect(names()).toEqual(['server.log'])
  expect(textOf(0)).toBe(lines)
  expect(told).toEqual({ dropped: 0, failures: [], recoveries: 0 })
})

test('it is renamed, not copied: whoever reads it can finish it', async () => {
  const { path, output, written, aside } = opened()
  await written(lineOf(0))
  const file = statSync(path).ino
  output.write(linesFrom(1, 21).join(''))
  await expect.poll(() => existsSync(aside(1)) && existsSync(path), soon).toBe(true)
  expect(statSync(aside(1)).ino).toBe(file)
  expect(statSync(path).ino).not.toBe(file)
})

test('after a restart the file goes on, with the size that it has', async () => {
  const folder = temporaryFolder()
  const first = opened({ folder })
  const [before, after] = [linesFrom(0, 8).join(''), linesFrom(8, 13).join('')]
  expect(before.length).toBeLessThan(2000)
  expect(before.length + after.length).toBeGreaterThan(2000)
  first.output.write(before)
  await first.output.close()
  const second = opened({ folder })
  second.output.write(after)
  await expect.poll(() => [second.textOf(1), second.textOf(0)], soon).toEqual([before + after, ''])
  await second.output.close()
})

test('when the files cannot be renamed the log goes on in the old one, and a later full size tries again', async () => {
  const { output, written, all, aside, textOf, names, told } = opened({ keep: 9 })
  mkdirSync(join(aside(9), 'in-the-way'), { recursive: true })
  const parts = [...Array(5).keys()].map(n => linesFrom(n * 15, n * 15 + 15).join(''))
  let before = ''
  for (const part of parts.slice(0, 3)) {
    output.write(part)
    before += part
    await expect.poll(() => textOf(0), soon).toBe(before)
  }
  expect(names()).toEqual(['server.log', 'server.log.9'])
  rmSync(aside(9), { recursive: true })
  for (const part of parts.slice(3)) await written(part)
  await expect.poll(names, soon).toContain('server.log.1')
  await output.close()
  expect(all()).toBe(parts.join(''))
  expect(told).toEqual({ dropped: 0, failures: [], recoveries: 0 })
})

test.skipIf(!mayMount)(
  'on a full disk each failed write is counted, and the lines wait until there is room (skipped where a test may not mount)',
  async () => {
    const disk = smallDisk(256)
    const { output, written, all, told } = opened({ folder: disk.folder, maxBytes: 1e9 })
    await written(lineOf(0))
    disk.fill()
    for (let n = 1; n < 60; n++) {
      output.write(lineOf(n, { reason: 'x'.repeat(200) }))
      await turn()
    }
    await expect.poll(() => told.failures.length, soon).toBeGreaterThan(0)
    const failures = told.failures.length
    output.write(lineOf(60))
    await expect.poll(() => told.failures.length, soon).toBeGreaterThan(failures)
    for (const reason of told.failures) expect(reason).toContain('ENOSPC')
    disk.makeRoom()
    output.write(lineOf(61))
    const lines = [lineOf(0), ...linesFrom(1, 60, { reason: 'x'.repeat(200) }), lineOf(60), lineOf(61)].join(
      '',
    )
    await expect.poll(all, soon).toBe(lines)
    await output.close()
    expect(all()).toBe(lines)
    expect(told.dropped).toBe(0)
  },
)

test.skipIf(!mayMount)(
  'a disk that fills while files rotate loses no line that fits later (skipped where a test may not mount)',
  async () => {
    const disk = smallDisk(256)
    const { output, all, told, names } = opened({ folder: disk.folder, maxBytes: 3000, keep: 100 })
    const lines = linesFrom(0, 400)
    for (const [n, line] of lines.entries()) {
      if (n === 100) disk.fill()
      if (n === 300) disk.makeRoom()
      output.write(line)
      await turn()
      if (n === 100 || n === 299) await new Promise(resolve => setTimeout(resolve, 20))
    }
    await expect.poll(all, soon).toBe(lines.join(''))
    await output.close()
    expect(told.failures.length).toBeGreaterThan(0)
    expect(names().length).toBeGreaterThan(5)
  },
)

test('more than may wait is dropped, and counted to the line', async () => {
  const { output, told, all } = opened({ maxBytes: 1e9 })
  const megabyte = `${'x'.repeat(1024 * 1024 - 2)}\n\n`
  for (let n = 0; n < 20; n++) output.write(megabyte)
  await output.close()
  expect(told.dropped).toBeGreaterThanOrEqual(2 * 3)
  expect(all().length + (told.dropped / 2) * megabyte.length).toBe(20 * megabyte.length)
})

test('folders that are not there are made', async () => {
  const folder = join(temporaryFolder(), 'a', 'b')
  const { output, textOf } = opened({ folder })
  output.write(lineOf(0))
  await output.close()
  expect(textOf(0)).toBe(lineOf(0))
})

test.each([
  ['is a folder', (folder: string) => folder],
  [
    'is below a file',
    (folder: string) => {
      writeFileSync(join(folder, 'file'), '')
      return join(folder, 'file', 'server.log')
    },
  ],
  ['has a name too long for a file', (folder: string) => join(folder, 'x'.repeat(300))],
])('a path that %s is refused at the start, with its name and a way out', (_, pathIn) => {
  const path = pathIn(temporaryFolder())
  let failure: unknown
  try {
    logFile({ path, maxBytes: 1000, keep: 1 }, observer())
  } catch (error) {
    failure = error
  }
  expect(failure).toBeInstanceOf(StartFailure)
  expect((failure as StartFailure).message).toContain(path)
  expect((failure as StartFailure).hint).toContain('--log-file')
})
