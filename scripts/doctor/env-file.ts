/** Whether the variables, and the file `.env`, can be understood. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { partNames, parts } from '../stack/parts.ts'
import { readEnvFile, type Variables } from '../stack/variables.ts'
import { type Check, ok, problem, warning } from './check.ts'

/** Names and unreadable lines of a file; values are left out, they may be secrets. */
export function linesOf(text: string): { names: string[]; malformed: number[] } {
  const names: string[] = []
  const malformed: number[] = []
  const newlines = (quoted: string) => `=${quoted.replaceAll(/[^\n]/g, '')}`
  const oneLined = text.replaceAll(/=[ \t]*(["'`])[\s\S]*?\1/g, newlines)
  for (const [index, line] of oneLined.split('\n').entries()) {
    const name = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1]
    if (name !== undefined) names.push(name)
    else if (line.trim() !== '' && !line.trim().startsWith('#')) malformed.push(index + 1)
  }
  return { names, malformed }
}

/** @param text of `.env`, or null: there is none */
export function decideEnvFile(text: string | null, known: ReadonlySet<string>): Check[] {
  if (text === null) return [ok('.env', 'there is none: everything has its default')]
  const { names, malformed } = linesOf(text)
  const unknown = names.filter(name => !known.has(name) && !/^(COMPOSE|DOCKER|GF)_/.test(name))
  const checks: Check[] = []
  if (malformed.length > 0)
    checks.push(
      problem('.env', `not NAME=value: line ${malformed.join(', ')}`, 'correct it or put # in front'),
    )
  if (unknown.length > 0)
    checks.push(warning('.env', `unknown: ${unknown.join(', ')}`, 'see .env.example for the names there are'))
  return checks.length > 0 ? checks : [ok('.env', `${names.length} variables`)]
}

/** @param problems each begins with the name of its variable */
export function decideVariables(problems: readonly string[]): Check[] {
  if (problems.length === 0) return [ok('variables', 'all values can be used')]
  return problems.map(each => problem('variables', each, 'correct it in the shell or in .env'))
}

/** Looks at the file and at the values. @param ofPorts the problems that the stack has with its variables */
export async function lookAtVariables(
  root: string,
  variables: Variables,
  ofPorts: readonly string[],
): Promise<Check[]> {
  try {
    const { decideConfig } = await import('../../src/config/config.ts')
    const { helpText } = await import('../../src/config/help-text.ts')
    const named = (path: string, pattern: RegExp) =>
      existsSync(join(root, path))
        ? Array.from(readFileSync(join(root, path), 'utf8').matchAll(pattern), ([, name = '']) => name)
        : []
    const known = new Set([
      ...Array.from(helpText().matchAll(/^ +([A-Z][A-Z0-9_]+) /gm), ([, name = '']) => name),
      ...named('.env.example', /^#? ?([A-Z][A-Z0-9_]+)=/gm),
      ...named('docker-compose.yml', /\$\{([A-Z][A-Z0-9_]+)/g),
      ...partNames.flatMap(name => [parts[name].binVariable, parts[name].portVariable]),
      ...['APP_PORT', 'LOKI_GRPC_PORT', 'GRAFANA_HOME', 'STACK_DATA', 'SKIP_BUILD', 'PATH'],
    ])
    const ofApp: string[] = []
    try {
      decideConfig(
        { values: variables, help: false, version: false, problems: [] },
        { version: '0', commit: '0', committedAt: null },
      )
    } catch (error) {
      ofApp.push(...Array.from(String(error).matchAll(/^ {2}- (.+)$/gm), ([, line = '']) => line))
      if (ofApp.length === 0) throw error
    }
    const nameOf = (line: string) => line.split(':')[0]
    const added = ofApp.filter(line => !ofPorts.some(other => nameOf(other) === nameOf(line)))
    return [...decideEnvFile(readEnvFile(root), known), ...decideVariables([...ofPorts, ...added])]
  } catch (error) {
    return [problem('variables', `they cannot be checked: ${String(error).split('\n')[0]}`, 'npm ci')]
  }
}
