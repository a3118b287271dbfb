/** What the loop was asked for. */
import { parseArgs } from 'node:util'

export const testSets = ['none', 'quick', 'full'] as const
export type TestSet = (typeof testSets)[number]
export type Engine = 'native' | 'compose'

export interface Options {
  tests: TestSet
  /** null: compose where a Docker engine answers, else native. */
  engine: Engine | null
  port: number
  seconds: number
  rate: number
  /** What runs afterwards: until Ctrl-C, for ever, or not at all. */
  afterwards: 'wait' | 'keep' | 'stop'
  data: string
  dryRun: boolean
}

const text = { type: 'string' } as const
const yes = { type: 'boolean' } as const
export const flags = {
  tests: text,
  'skip-tests': yes,
  native: yes,
  compose: yes,
  port: text,
  seconds: text,
  rate: text,
  data: text,
  keep: yes,
  stop: yes,
  'dry-run': yes,
} as const

/** @param isTerminal whether somebody sits there who can press Ctrl-C @returns the options, and every problem with them */
export function decideOptions(
  args: readonly string[],
  isTerminal: boolean,
): { options: Options; problems: string[] } {
  const problems: string[] = []
  const { values, tokens } = parseArgs({
    args: [...args],
    options: flags,
    strict: false,
    tokens: true,
    allowPositionals: true,
  })
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`${token.value}: unexpected argument`)
    if (token.kind === 'option' && !Object.hasOwn(flags, token.name))
      problems.push(`${token.rawName}: unknown option`)
  }
  for (const [one, other] of [
    ['native', 'compose'],
    ['keep', 'stop'],
    ['skip-tests', 'tests'],
  ] as const)
    if (values[one] !== undefined && values[other] !== undefined)
      problems.push(`--${one} and --${other}: only one of them`)

  function textOf(name: keyof typeof flags, preset: string): string {
    const value = values[name]
    if (value === undefined) return preset
    if (typeof value === 'string' && value !== '') return value
    problems.push(`--${name}: needs a value`)
    return preset
  }
  function numberOf(name: keyof typeof flags, preset: number, min: number, max: number): number {
    const value = textOf(name, String(preset))
    if (Number(value) >= min && Number(value) <= max) return Number(value)
    problems.push(`--${name}: must be a number from ${min} to ${max} (it is "${value.slice(0, 60)}")`)
    return preset
  }
  const wanted = textOf('tests', values['skip-tests'] ? 'none' : 'quick')
  const tests = testSets.find(name => name === wanted)
  if (!tests) problems.push(`--tests: must be ${testSets.join(', ')} (it is "${wanted.slice(0, 60)}")`)
  const port = numberOf('port', 8000, 1, 65_535)
  if (!Number.isInteger(port)) problems.push('--port: must be a whole number')
  return {
    options: {
      tests: tests ?? 'quick',
      engine: values.native ? 'native' : values.compose ? 'compose' : null,
      port,
      seconds: numberOf('seconds', 60, 1, 86_400),
      rate: numberOf('rate', 20, 0.1, 500),
      afterwards: values.keep ? 'keep' : values.stop || !isTerminal ? 'stop' : 'wait',
      data: textOf('data', '.devops-loop'),
      dryRun: values['dry-run'] === true,
    },
    problems,
  }
}
