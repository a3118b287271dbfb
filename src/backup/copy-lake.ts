/** Copies the lake's objects. They are never rewritten, so a copy of each is a copy of all. */
import { mkdirSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { syncPath } from './durable.ts'
import { isObjectName, type ManifestFile } from './manifest.ts'
import { type Packed, pack } from './packing.ts'

export interface LakeCopy {
  files: ManifestFile[]
  /** Files that are none of ours. */
  strange: number
}

/** Below a folder, without what is hidden or not finished. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .filter(name => !name.split('/').some(part => part.startsWith('.')))
    .sort()
}

/** @param to the backup's folder @param progress told of each object */
export async function copyLake(
  lake: string,
  to: string,
  { signal, progress }: { signal: AbortSignal; progress: (done: number, total: number) => void },
): Promise<LakeCopy> {
  const all = filesBelow(lake)
  const names = all.filter(name => isObjectName(`lake/${name}`))
  const files: ManifestFile[] = []
  const folders = new Set<string>()
  for (const [index, name] of names.entries()) {
    const target = join(to, 'lake', name)
    folders.add(dirname(target))
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    const packed = await packUnlessGone(join(lake, name), target, signal)
    progress(index + 1, names.length)
    if (packed === null) continue
    const unpacked_bytes = packed.bytes
    files.push({ name: `lake/${name}`, role: 'lake', ...packed, compressed: false, unpacked_bytes })
  }
  for (const folder of folders) for (let path = folder; path !== to; path = dirname(path)) syncPath(path)
  return { files, strange: all.length - names.length }
}

/** null: it was too old to be kept, and removed a moment ago. */
async function packUnlessGone(from: string, to: string, signal: AbortSignal): Promise<Packed | null> {
  try {
    return await pack(from, to, { compress: false, signal })
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && path === from) return null
    throw error
  }
}
