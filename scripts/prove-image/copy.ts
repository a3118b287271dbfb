/** COPY as Docker does it: from the folder of the build, without what is ignored, or from another stage. */
import { cpSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'

export interface Source {
  folder: string
  /** Whether a path, relative to the folder, is left out. */
  isIgnored: (path: string) => boolean
}

/**
 * Copies files, or what is in folders. Links stay links, times and modes are kept.
 * @param to a folder where it ends with a slash or there are several sources
 * @throws Error that names a source that is missing or ignored
 */
export function copyInto(source: Source, sources: readonly string[], to: string, isFolder: boolean): void {
  if (sources.length > 1 && !isFolder) throw new Error(`COPY of several needs a folder: ${to}/`)
  for (const path of sources) {
    if (/[*?[]/.test(path)) throw new Error(`COPY ${path}: patterns are not known here`)
    const from = join(source.folder, path)
    const inside = relative(source.folder, from)
    if (!existsSync(from)) throw new Error(`COPY ${path}: there is no such file`)
    if (inside !== '' && source.isIgnored(inside))
      throw new Error(`COPY ${path}: .dockerignore leaves it out`)
    const target = isFolder && !statSync(from).isDirectory() ? join(to, basename(path)) : to
    mkdirSync(join(target, '..'), { recursive: true })
    cpSync(from, target, {
      recursive: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
      filter: each => !isLeftOut(relative(source.folder, each)),
    })
  }

  /** What is in an ignored folder is left out with it: that a later rule lets some of it in again is not known here. */
  function isLeftOut(path: string): boolean {
    return path !== '' && source.isIgnored(path)
  }
}
