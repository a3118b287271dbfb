/** What the loop was asked for. */
import { type Flag, readFlags } from '../../src/shared/flags.ts'

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

const isTestSet = (name: string): name is TestSet => testSets.some(known => known === name)

export const flags = {
  tests: { preset: 'quick', check: name => (isTestSet(name) ? null : `must be ${testSets.join(', ')}`) },
  'skip-tests': { preset: false },
  native: { preset: false },
  compose: { preset: false },
  port: { preset: 8000, min: 1, max: 65_535, whole: true },
  seconds: { preset: 60, min: 1, max: 86_400 },
  rate: { preset: 20, min: 0.1, max: 500 },
  data: { preset: '.devops-loop' },
  keep: { preset: false },
  stop: { preset: false },
  'dry-run': { preset: false },
} as const satisfies Record<string, Flag>

const pairs = [
  ['native', 'compose'],
  ['keep', 'stop'],
  ['skip-tests', 'tests'],
] as const

/** @param isTerminal whether somebody sits there who can press Ctrl-C @returns the options, and every problem with them */
export function decideOptions(
  args: readonly string[],
  isTerminal: boolean,
): { options: Options; problems: string[] } {
  const { values, problems, isGiven } = readFlags(args, flags)
  for (const [one, other] of pairs)
    if (isGiven(one) && isGiven(other)) problems.push(`--${one} and --${other}: only one of them`)
  return {
    options: {
      tests: values['skip-tests'] ? 'none' : isTestSet(values.tests) ? values.tests : 'quick',
      engine: values.native ? 'native' : values.compose ? 'compose' : null,
      port: values.port,
      seconds: values.seconds,
      rate: values.rate,
      afterwards: values.keep ? 'keep' : values.stop || !isTerminal ? 'stop' : 'wait',
      data: values.data,
      dryRun: values['dry-run'],
    },
    problems,
  }
}
