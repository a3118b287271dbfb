/** The files of the stack, parsed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')

/** A YAML file as a value; `<<` merges, as compose does. */
export const yamlOf = <T>(file: string): T => parse(textOf(file), { merge: true }) as T

/** A section's keys of an INI file; comments and empty lines are passed over. */
export function iniOf(file: string): Record<string, Record<string, string>> {
  const sections: Record<string, Record<string, string>> = {}
  let section: Record<string, string> = {}
  for (const line of textOf(file).split('\n')) {
    const name = /^\[(.+)\]$/.exec(line)?.[1]
    if (name) section = sections[name] = {}
    const [key, ...value] = line.split('=')
    if (!line.startsWith('#') && key && value.length > 0) section[key.trim()] = value.join('=').trim()
  }
  return sections
}

export interface Mount {
  type: 'bind' | 'volume'
  source: string
  target: string
  read_only?: boolean
  volume?: { nocopy?: boolean }
}

export interface ComposeService {
  image: string
  build?: unknown
  ports: string[]
  restart: string
  mem_limit: string
  environment?: Record<string, string>
  volumes: Mount[]
  command?: string[]
  depends_on?: Record<string, { condition: string }>
  profiles?: string[]
  healthcheck: { test: string[]; interval: string; timeout: string; retries: number; start_period: string }
  logging: { options: Record<string, string> }
  [key: string]: unknown
}

export interface ComposeFile {
  name: string
  services: Record<string, ComposeService>
  volumes: Record<string, unknown>
  [key: string]: unknown
}
