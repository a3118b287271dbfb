/** Finds the programs of the parts on this machine. */
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { type PartName, partNames, parts } from './parts.ts'
import type { Variables } from './variables.ts'

/** Whether this file can be run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** The first program of these names on a search path, or null. */
export function findOnPath(names: readonly string[], searchPath = ''): string | null {
  const folders = searchPath.split(delimiter).filter(Boolean)
  const candidates = names.flatMap(name => folders.map(folder => join(folder, name)))
  return candidates.find(isExecutable) ?? null
}

export interface Found {
  programs: Record<PartName, string | null>
  /** Every variable that names something that cannot be run. */
  problems: string[]
}

/** Finds each part by its variable (a path, or a name on PATH), else by its usual names on PATH. */
export function findPrograms(variables: Variables): Found {
  const problems: string[] = []
  const find = (name: PartName): string | null => {
    const { binVariable, programs } = parts[name]
    const wanted = variables[binVariable]
    if (!wanted) return findOnPath(programs, variables.PATH)
    const path = wanted.includes('/') ? resolve(wanted) : findOnPath([wanted], variables.PATH)
    if (path && isExecutable(path)) return path
    problems.push(`${binVariable}: there is no program at "${wanted}"`)
    return null
  }
  const programs = Object.fromEntries(partNames.map(name => [name, find(name)])) as Found['programs']
  return { programs, problems }
}

/** The folder with Grafana's own files, which it needs to start, or null. */
export function grafanaHome(program: string, variables: Variables): string | null {
  const beside = dirname(dirname(realpathSync(program)))
  const candidates = variables.GRAFANA_HOME
    ? [variables.GRAFANA_HOME]
    : [beside, join(beside, 'share/grafana'), '/usr/share/grafana']
  return candidates.find(folder => existsSync(join(folder, 'conf/defaults.ini'))) ?? null
}
