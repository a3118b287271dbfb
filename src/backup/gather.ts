import { chmodSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildInfo } from '../config/build-info.ts'
import { copyDatabase } from '../db/online-copy.ts'
import { type Clock, rfc3339 } from '../shared/clock.ts'
import { copyLake } from './copy-lake.ts'
import { readCounts } from './counts-store.ts'
import { syncPath } from './durable.ts'
import { checkUsable } from './known-tables.ts'
import {
  FORMAT,
  isDatabase,
  MANIFEST,
  type Manifest,
  type ManifestFile,
  nameOf,
  type Role,
} from './manifest.ts'
import { type Packed, pack, sumOf } from './packing.ts'
import { bytesOf, type Places } from './places.ts'
import type { Tell } from './tell.ts'
import { bytesText } from './words.ts'

export interface BackUpOptions {
  places: Places
  /** The folder of backups; it is made when it is not there. Absolute. */
  to: string
  compress: boolean
  withLake: boolean
  build: BuildInfo
  clock: Clock
  /** Ends it; nothing is left then. */
  signal: AbortSignal
  tell: Tell
}

/** How long another program's lock is waited for. */
export const BUSY_TIMEOUT_MS = 10_000

/**
 * Fills a folder with the copies, each checked, and the manifest.
 * @param at when it is made, Unix ms
 */
export async function gather(draft: string, options: BackUpOptions, at: number): Promise<Manifest> {
  const { places, compress, withLake, build, signal, tell } = options
  const files: ManifestFile[] = []
  const leftOut: string[] = []
  let counts: Manifest['counts'] | undefined
  for (const role of Object.keys(nameOf) as Exclude<Role, 'lake'>[]) {
    const from = places[role]
    const isMissing = from === null || bytesOf(from) === null
    if (from === null) leftOut.push("the fleet's key: it is in the environment (FLEET_KEY)")
    else if (isMissing && role !== 'estate-history') leftOut.push(`${nameOf[role]}: there was none`)
    if (isMissing) continue
    signal.throwIfAborted()
    if (!isDatabase(role)) {
      files.push(await packed(role, from, false))
      continue
    }
    const copy = join(draft, nameOf[role])
    await copyDatabase({
      from,
      to: copy,
      busyTimeoutMs: BUSY_TIMEOUT_MS,
      progress(done, total) {
        signal.throwIfAborted()
        tell.progress(nameOf[role], done, total)
      },
    })
    tell.doing(`${nameOf[role]}: checked`)
    checkUsable(role, copy, from)
    if (role === 'licenses') counts = readCounts(copy)
    files.push(await packed(role, copy, true))
  }
  if (withLake && places.lake !== null && bytesOf(places.lake) !== null) {
    const progress = (done: number, total: number) => tell.progress('lake', done, total)
    const copied = await copyLake(places.lake, draft, { signal, progress })
    files.push(...copied.files)
    tell.done(`lake: ${copied.files.length} objects`)
    if (copied.strange > 0) leftOut.push(`${copied.strange} files of the lake that are no objects`)
  } else if (places.lake === null) leftOut.push('the lake: it is a bucket')
  else leftOut.push('the lake: --lake copies it. Without it estate.db cannot be made anew from raw samples')
  const manifest: Manifest = {
    format: FORMAT,
    version: build.version,
    commit: build.commit,
    made_at: rfc3339(at),
    files,
    counts: counts as Manifest['counts'],
    left_out: leftOut,
  }
  const path = join(draft, MANIFEST)
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true })
  syncPath(draft)
  return manifest

  /** @param isCopy in the draft already, under its name */
  async function packed(role: Exclude<Role, 'lake'>, from: string, isCopy: boolean): Promise<ManifestFile> {
    const isCompressed = compress && isCopy
    const name = isCompressed ? `${nameOf[role]}.gz` : nameOf[role]
    const unpacked_bytes = bytesOf(from) ?? 0
    let sum: Packed
    if (isCopy && !isCompressed) {
      chmodSync(from, 0o600)
      syncPath(from)
      sum = await sumOf(from, signal)
    } else sum = await pack(from, join(draft, name), { compress: isCompressed, signal })
    if (isCompressed) unlinkSync(from)
    tell.done(`${name}: ${bytesText(sum.bytes)}`)
    return { name, role, ...sum, compressed: isCompressed, unpacked_bytes }
  }
}
