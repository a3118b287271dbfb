/** Which backups there are, and which of them go. */
import { readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { StartFailure } from '../shared/errors.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { byAge, isBackupName, UNFINISHED, unfinishedName } from './name.ts'
import { ageText, bytesText } from './words.ts'

export interface Listed {
  name: string
  /** null: it cannot be used. */
  manifest: Manifest | null
  problem: string | null
}

/** The backups of a folder, the newest first. What has no name of ours is none. */
export function listBackups(folder: string): Listed[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    throw new StartFailure(`The backups cannot be listed: ${folder} (${message})`, `ls -ld ${folder}`)
  }
  return names
    .filter(isBackupName)
    .sort((a, b) => byAge(b, a))
    .map(name => {
      try {
        return { name, manifest: readManifest(join(folder, name)), problem: null }
      } catch (error) {
        if (!(error instanceof StartFailure)) throw error
        return { name, manifest: null, problem: error.message }
      }
    })
}

/** @param now Unix ms */
export function listText(folder: string, backups: readonly Listed[], now: number): string {
  if (backups.length === 0) return `No backups in ${folder}\n`
  const lines = backups.map(({ name, manifest, problem }) => {
    if (!manifest) return `  ${name}  ${problem}`
    const age = ageText(now - Date.parse(manifest.made_at))
    const size = bytesText(manifest.files.reduce((sum, { bytes }) => sum + bytes, 0))
    const { version, commit, counts } = manifest
    return `  ${name}  ${age.padStart(7)} old  ${size.padStart(8)}  ${version} (${commit})  ${counts.open_borrows} open of ${counts.borrows} borrows`
  })
  return `Backups in ${folder}:\n${lines.join('\n')}\n`
}

/**
 * Removes the oldest backups beyond the newest `keep`. What has no whole manifest is not counted and not touched.
 * @returns the names of those that went
 */
export function removeOldest(folder: string, keep: number): string[] {
  const old = listBackups(folder)
    .filter(({ manifest }) => manifest !== null)
    .slice(keep)
    .map(({ name }) => name)
  for (const name of old) {
    // First it loses its name: half of a backup is never taken for one.
    const draft = join(folder, unfinishedName(UNFINISHED))
    renameSync(join(folder, name), draft)
    rmSync(draft, { recursive: true, force: true })
  }
  return old
}
