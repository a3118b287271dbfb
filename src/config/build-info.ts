import { readFileSync } from 'node:fs'

/** What was built. */
export interface BuildInfo {
  version: string
  commit: string
  /** When the commit was made, Unix ms; null: not known. */
  committedAt: number | null
}

/** The version in package.json and the commit that the build wrote down; `dev` where nothing was built. */
export function readBuildInfo(): BuildInfo {
  const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
  const { version } = read('../../package.json')
  try {
    const { commit, committed_at: committed } = read('../build-info.json')
    return { version, commit, committedAt: typeof committed === 'string' ? Date.parse(committed) : null }
  } catch {
    return { version, commit: 'dev', committedAt: null }
  }
}
