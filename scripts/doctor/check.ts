/** What a check says, and how people read it. */

export type Verdict = 'ok' | 'warning' | 'problem'

export interface Check {
  name: string
  verdict: Verdict
  says: string
  /** What to do about it; empty where nothing is to be done. */
  todo: string
}

export const ok = (name: string, says: string): Check => ({ name, verdict: 'ok', says, todo: '' })
export const warning = (name: string, says: string, todo: string): Check => ({
  name,
  verdict: 'warning',
  says,
  todo,
})
export const problem = (name: string, says: string, todo: string): Check => ({
  name,
  verdict: 'problem',
  says,
  todo,
})

/** Whether everything can run: warnings do not stop it. */
export const isWell = (checks: readonly Check[]): boolean =>
  checks.every(({ verdict }) => verdict !== 'problem')

/** One line for each check, below it what to do, and the sum at the end. */
export function reportText(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length))
  const indent = ' '.repeat(width + 13)
  const lines = checks.map(({ name, verdict, says, todo }) => {
    const line = `  ${verdict.padEnd(7)}  ${name.padEnd(width)}  ${says}`
    return todo ? `${line}\n${indent}→ ${todo}` : line
  })
  const count = (wanted: Verdict) => checks.filter(({ verdict }) => verdict === wanted).length
  return `${lines.join('\n')}\n\n${plural(count('problem'), 'problem')}, ${plural(count('warning'), 'warning')}.\n`
}

const plural = (count: number, word: string) => `${count || 'no'} ${word}${count === 1 ? '' : 's'}`
