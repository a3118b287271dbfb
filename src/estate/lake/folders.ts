/** What a folder needs so that what is in it is durable, and is walked in order. */
import { mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** Makes its list of names durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/**
 * Makes the folders below `root`, durably. Never `root` itself: where a disk was unmounted, or somebody deleted it, the
 * lake is gone and must not begin anew without a word.
 * @throws ENOENT when `root` is gone
 */
export async function makeFolders(root: string, parts: readonly string[]): Promise<void> {
  let parent = root
  for (const part of parts) {
    const path = join(parent, part)
    await mkdir(path).catch(error => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
    // One that was there may have been made by another process a moment ago: its name may not be durable yet.
    await syncFolder(parent)
    parent = path
  }
}

/**
 * The names of files below a folder, in the order of their whole names (as S3 lists them), one folder in memory at a
 * time. Names that begin with a dot are nobody's.
 * @param path of the folder, `''` or ending with a slash
 * @param prefix only names that begin with it
 * @param after only names behind it
 */
export async function* walk(
  root: string,
  path: string,
  prefix: string,
  after: string,
): AsyncGenerator<string> {
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch(error => {
    // Removed a moment ago, because it was empty.
    if (path !== '' && codeOf(error) === 'ENOENT') return []
    throw error
  })
  const names = entries
    .filter(entry => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isFile()))
    .map(entry => path + entry.name + (entry.isDirectory() ? '/' : ''))
    .sort((a, b) => (a < b ? -1 : 1))
  for (const name of names) {
    if (!name.endsWith('/')) {
      if (name > after && name.startsWith(prefix)) yield name
    } else if (
      (name > after || after.startsWith(name)) &&
      (name.startsWith(prefix) || prefix.startsWith(name))
    )
      yield* walk(root, name, prefix, after)
  }
}
