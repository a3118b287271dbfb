import { statSync } from 'node:fs'

/**
 * Watches that the database is still the file that was opened: a deleted one would swallow what is written.
 * @throws Error with the code STORAGE_MISSING
 */
export function fileGuard(path: string): () => void {
  if (path === ':memory:' || path === '') return () => {}
  const inode = statSync(path).ino
  return () => {
    if (statSync(path, { throwIfNoEntry: false })?.ino !== inode)
      throw Object.assign(new Error(`${path} is gone or was replaced`), { code: 'STORAGE_MISSING' })
  }
}
