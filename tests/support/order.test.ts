import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { apart, isTogether, longest, place, together } from './order.ts'

const tests = fileURLToPath(new URL('..', import.meta.url))
const files = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter(path =>
  path.endsWith('.test.ts'),
)
const textOf = (path: string) => readFileSync(tests + path, 'utf8')

test.each([...together, ...apart, ...longest])('%s, which is listed, exists', path => {
  expect(existsSync(tests + path)).toBe(true)
})

test.each(apart)('%s is in a folder whose files share a process', path => {
  expect(together.some(folder => path.startsWith(`${folder}/`))).toBe(true)
})

/** What reaches beyond a file: replaced modules, the environment, the process, programs that are started. */
const FAR =
  /\bvi\.(mock|doMock|hoisted|stubEnv|resetModules)\(|\bprocess\.(chdir|umask|env\.\w+ = )|\bfc\.configureGlobal|\b(spawn|spawnSync|execFile|execFileSync|fork|runProgram|runToEnd|startServer)\(/

test('no file that shares a process replaces modules, changes the environment or starts programs', () => {
  const own = 'support/order.test.ts'
  expect(files.filter(path => isTogether(path) && path !== own && FAR.test(textOf(path)))).toEqual([])
})

test('who stops the clock or replaces something global in a shared process gives it back', () => {
  const takes = /\bvi\.(useFakeTimers|stubGlobal|spyOn)\(/
  const gives = /\bvi\.(useRealTimers|unstubAllGlobals|restoreAllMocks)|\bmockRestore\(/
  const keeps = files.filter(
    path => isTogether(path) && takes.test(textOf(path)) && !gives.test(textOf(path)),
  )
  expect(keeps).toEqual([])
})

test('the longest files come first, those that share a process last, whatever the order before', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(files, { minLength: files.length }), order => {
      const places = [...order].sort((one, other) => place(one) - place(other))
      expect(places.slice(0, longest.length)).toEqual(longest)
      const shared = places.map(isTogether).lastIndexOf(false)
      expect(places.slice(shared + 1).every(isTogether)).toBe(true)
      expect(places.slice(shared + 1).length).toBe(files.filter(isTogether).length)
    }),
    { numRuns: 20 },
  )
})
