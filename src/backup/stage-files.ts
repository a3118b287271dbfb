/** Brings what is in a backup beside its place, and checks it there. */
import { chmodSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StartFailure } from '../shared/errors.ts'
import { giveAll, makeFolder, needRoom, syncPath } from './durable.ts'
import { checkUsable } from './known-tables.ts'
import { isDatabase, type ManifestFile, pathOf } from './manifest.ts'
import { removeLeftBehind, UNFINISHED, unfinishedName } from './name.ts'
import { unpack } from './packing.ts'
import type { Move } from './plan.ts'
import type { Tell } from './tell.ts'

export interface StageOptions {
  /** The backup. */
  folder: string
  /** Unix ms. */
  now: number
  signal: AbortSignal
  tell: Tell
}

/** Makes the folders of the targets and looks for room in them. @throws StartFailure */
export function prepareFolders(moves: readonly Move[], now: number): void {
  const needed = new Map<string, number>()
  for (const { target, files } of moves) {
    const folder = dirname(target)
    const bytes = (files ?? []).reduce((sum, file) => sum + file.unpacked_bytes, 0)
    needed.set(folder, (needed.get(folder) ?? 0) + bytes)
  }
  for (const [folder, bytes] of needed) {
    makeFolder(folder, 0o755)
    removeLeftBehind(folder, UNFINISHED, now)
    needRoom(folder, bytes)
  }
}

export const draftOf = ({ target }: Move): string => join(dirname(target), unfinishedName(UNFINISHED))

/**
 * @param draft where it is written: a file, or a folder for the lake
 * @throws StartFailure when it is not what the manifest says, or cannot be used by this version
 */
export async function stage(move: Move, draft: string, options: StageOptions): Promise<void> {
  const { tell } = options
  const files = move.files ?? []
  if (move.role === 'lake') {
    mkdirSync(draft)
    const folders = new Set([draft])
    for (const [index, file] of files.entries()) {
      const path = join(draft, file.name.slice('lake/'.length))
      for (let folder = dirname(path); folder !== draft; folder = dirname(folder)) folders.add(folder)
      mkdirSync(dirname(path), { recursive: true })
      await bring(file, path, options)
      chmodSync(path, 0o644)
      tell.progress('lake', index + 1, files.length)
    }
    for (const folder of folders) syncPath(folder)
    tell.done(`lake: ${files.length} objects`)
  } else
    for (const file of files) {
      tell.doing(file.name)
      await bring(file, draft, options)
      if (isDatabase(file.role)) checkUsable(file.role, draft, file.name)
      const mode = file.role === 'fleet-key' ? 0o600 : 0o644
      chmodSync(draft, (statSync(move.target, { throwIfNoEntry: false })?.mode ?? mode) & 0o777)
      tell.done(`${file.name}: checked`)
    }
  giveAll(draft, move.target)
}

async function bring(file: ManifestFile, to: string, { folder, signal }: StageOptions): Promise<void> {
  const { compressed, unpacked_bytes: maxBytes } = file
  const from = pathOf(folder, file)
  const differs = (why: string) =>
    new StartFailure(
      `${file.name} is not what was backed up: ${why}. Nothing was changed`,
      'choose another backup: node dist/backup.js --list',
    )
  const found = statSync(from).size
  if (found !== file.bytes) throw differs(`it has ${found} bytes, not ${file.bytes}`)
  const read = await unpack(from, to, { compressed, maxBytes, signal }).catch(error => {
    if ((error as NodeJS.ErrnoException).syscall !== undefined || signal.aborted) throw error
    throw differs((error as Error).message)
  })
  if (read.sha256 !== file.sha256) throw differs('its SHA-256 is another')
  if (read.unpackedBytes !== maxBytes)
    throw differs(`${read.unpackedBytes} bytes came out of it, not ${maxBytes}`)
}
