import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readFlags } from '../../src/shared/flags.ts'

const flags = {
  url: { preset: null, check: (text: string) => (text.startsWith('http') ? null : 'must be an address') },
  name: { preset: 'nobody' },
  rate: { preset: 20, min: 0.1, max: 500 },
  port: { preset: 8000, min: 1, max: 65_535, whole: true },
  quick: { preset: false },
} as const

test('what is left out is as it was preset', () => {
  expect(readFlags([], flags)).toMatchObject({
    values: { url: null, name: 'nobody', rate: 20, port: 8000, quick: false },
    positionals: [],
    help: false,
    problems: [],
  })
})

test('what is given is taken, the last of two, and known as given', () => {
  const args = ['--url', 'http://h', '--name=a', '--rate', '0.5', '--port=1', '--quick', '--name', 'b', 'x']
  const { values, positionals, problems, isGiven } = readFlags(args, flags, 1)
  expect(problems).toEqual([])
  expect(values).toEqual({ url: 'http://h', name: 'b', rate: 0.5, port: 1, quick: true })
  expect(positionals).toEqual(['x'])
  expect(isGiven('quick')).toBe(true)
  expect(readFlags([], flags).isGiven('quick')).toBe(false)
})

test.each([['-h'], ['--help']])('%s asks for help', flag => {
  expect(readFlags(['--quick', flag], flags)).toMatchObject({ help: true, problems: [] })
})

test.each([
  [['--url', 'ftp://h'], '--url: must be an address (it is "ftp://h")'],
  [['--url'], '--url: needs a value'],
  [['--name', ''], '--name: needs a value'],
  [['--name', '--quick'], '--name: needs a value'],
  [['--rate', '501'], '--rate: must be a number from 0.1 to 500 (it is "501")'],
  [['--rate', 'fast'], '--rate: must be a number from 0.1 to 500 (it is "fast")'],
  [['--port', '80.5'], '--port: must be a whole number from 1 to 65535 (it is "80.5")'],
  [
    ['--port', `9${'9'.repeat(99)}`],
    `--port: must be a whole number from 1 to 65535 (it is "${'9'.repeat(60)}")`,
  ],
  [['--quick=yes'], '--quick: takes no value'],
  [['--help=me'], '--help: takes no value'],
  [['--constructor', 'x'], '--constructor: unknown option'],
  [['-x'], '-x: unknown option'],
  [['more'], 'more: unexpected argument'],
])('%j is a problem', (args, problem) => {
  expect(readFlags(args, flags).problems[0]).toBe(problem)
})

test('what follows an unknown option is not repeated: it may be a secret', () => {
  expect(readFlags(['--token', 'hunter2', 'x'], flags).problems).toEqual([
    '--token: unknown option',
    'x: unexpected argument',
  ])
})

test('all problems are told at once, in the order of what was given', () => {
  const { problems } = readFlags(['--port', '0', 'a', '--nope', '--name', ''], flags)
  expect(problems.map(problem => problem.split(':')[0])).toEqual(['--port', 'a', '--nope', '--name'])
})

test('whatever is typed, it is read without an exception, and a value is one of its kind', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('--rate', '--quick', '--url', '--', '-', '-h', '=', '--port='),
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), args => {
      const { values, problems } = readFlags(args, flags, 2)
      if (problems.length > 0) return
      expect(values.rate).toBeGreaterThanOrEqual(0.1)
      expect(Number.isInteger(values.port)).toBe(true)
      expect(typeof values.quick).toBe('boolean')
    }),
  )
})
