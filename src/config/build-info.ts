import { readFileSync } from 'node:fs'

/** The version in package.json and the commit that the build wrote down; `dev` where nothing was built. */
export function readBuildInfo(): { version: string; commit: string } {
  const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
  const { version } = read('../../package.json')
  try {
    return { version, commit: read('../build-info.json').commit }
  } catch {
    return { version, commit: 'dev' }
  }
}
