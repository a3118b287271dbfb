/** The flags of a command: their kinds, presets and bounds, and every problem with them at once. */
import { parseArgs } from 'node:util'

/** A switch, a number with its bounds, or a text; null: it may be left out. */
export type Flag =
  | { preset: false }
  | { preset: number; min: number; max: number; whole?: boolean }
  | {
      preset: string | null /** @returns what it must be, or null */
      check?: (text: string) => string | null
    }

type ValueOf<F extends Flag> = F['preset'] extends number
  ? number
  : F['preset'] extends false
    ? boolean
    : F['preset'] extends string
      ? string
      : string | null

export interface Read<F extends Record<string, Flag>> {
  /** What was given, else the preset. Where there are problems they need not be what their flags allow. */
  values: { [N in keyof F]: ValueOf<F[N]> }
  positionals: string[]
  /** Whether `--help` or `-h` was given: then nothing else matters. */
  help: boolean
  /** A line each, empty when all is understood. */
  problems: string[]
  isGiven(name: keyof F): boolean
}

const SHOWN_MAX = 60

/** @param positionalsMax what goes beyond is a problem */
export function readFlags<const F extends Record<string, Flag>>(
  args: readonly string[],
  flags: F,
  positionalsMax = 0,
): Read<F> {
  const problems: string[] = []
  const values: Record<string, string | number | boolean | null> = Object.fromEntries(
    Object.entries(flags).map(([name, { preset }]) => [name, preset]),
  )
  const given = new Set<keyof F>()
  const positionals: string[] = []
  let help = false
  const typeOf = ({ preset }: Flag) => ({
    type: preset === false ? ('boolean' as const) : ('string' as const),
  })
  const { tokens } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h' },
      ...Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, typeOf(flag)])),
    },
    strict: false,
    tokens: true,
    allowPositionals: true,
  })
  // What follows an unknown option is likely its value, and that may be a secret: it is not repeated.
  let afterUnknown = false
  for (const token of tokens) {
    if (token.kind === 'option') take(token.name, token.rawName, token.value)
    else if (token.kind === 'positional' && !afterUnknown) {
      if (positionals.length < positionalsMax) positionals.push(token.value)
      else problems.push(`${token.value}: unexpected argument`)
    }
    afterUnknown = token.kind === 'option' && token.name !== 'help' && !Object.hasOwn(flags, token.name)
  }
  return {
    values: values as Read<F>['values'],
    positionals,
    help,
    problems,
    isGiven: name => given.has(name),
  }

  function take(name: string, written: string, value: string | undefined) {
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined
    const isSwitch = !flag || flag.preset === false
    if (!flag && name !== 'help') problems.push(`${written}: unknown option`)
    else if (isSwitch && value !== undefined) problems.push(`${written}: takes no value`)
    else if (!flag) help = true
    else {
      given.add(name)
      if (isSwitch) values[name] = true
      else if (!value || value.startsWith('--')) problems.push(`${written}: needs a value`)
      else {
        values[name] = 'min' in flag ? Number(value) : value
        const must = mustBe(flag, value)
        if (must) problems.push(`${written}: ${must} (it is "${value.slice(0, SHOWN_MAX)}")`)
      }
    }
  }
}

function mustBe(flag: Flag, text: string): string | null {
  if ('check' in flag) return flag.check?.(text) ?? null
  if (!('min' in flag)) return null
  const { min, max, whole = false } = flag
  const number = Number(text)
  if (number >= min && number <= max && (!whole || Number.isInteger(number))) return null
  return `must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}`
}
