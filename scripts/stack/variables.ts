/** The environment of the stack: the shell's variables, and those of `.env` where the shell has none. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

export type Variables = Record<string, string>

/** Names that mean the same setting: whoever sets one of them in the shell overrules all of them in `.env`. */
const synonyms = [
  ['APP_PORT', 'PORT'],
  ['ALERT_WEBHOOK_TOKEN', 'ALERT_WEBHOOK_TOKEN_FILE'],
]

/** Puts both together. An empty variable counts as not set. */
export function mergeVariables(shell: NodeJS.ProcessEnv, file: NodeJS.ProcessEnv): Variables {
  const isSet = (name: string) => Boolean(shell[name])
  const overruled = synonyms.filter(names => names.some(isSet)).flat()
  const fromFile = Object.entries(file).filter(([name]) => !overruled.includes(name))
  const all = [...fromFile, ...Object.entries(shell)]
  return Object.fromEntries(all.filter((entry): entry is [string, string] => Boolean(entry[1])))
}

/** The text of `.env` in a folder, or null. */
export function readEnvFile(folder: string): string | null {
  const path = join(folder, '.env')
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

/** The variables that hold for a project folder. */
export const readVariables = (folder: string, shell: NodeJS.ProcessEnv = process.env): Variables =>
  mergeVariables(shell, parseEnv(readEnvFile(folder) ?? ''))
