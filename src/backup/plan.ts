/** What of a backup goes where. */
import { existsSync } from 'node:fs'
import { isDatabase, type Manifest, type ManifestFile, type Role } from './manifest.ts'
import type { Places } from './places.ts'

export interface Move {
  role: Role
  /** null: only what is there goes aside. */
  files: ManifestFile[] | null
  target: string
}

export interface Plan {
  moves: Move[]
  /** What stays as it is, and why. */
  left: string[]
}

/** What a database has beside it. */
const SIDES = ['-wal', '-shm', '-journal']

export function planRestore({ files }: Manifest, places: Places): Plan {
  const moves: Move[] = []
  const left: string[] = []
  for (const file of files) {
    if (file.role === 'lake') continue
    const target = places[file.role]
    if (target === null) left.push(`${file.name}: the key is in the environment (FLEET_KEY)`)
    else moves.push({ role: file.role, files: [file], target })
  }
  const has = (role: Role) => files.some(file => file.role === role)
  // It tells which past the estate was told already: of another estate it would be wrong.
  if (has('estate') && !has('estate-history'))
    moves.push({ role: 'estate-history', files: null, target: places['estate-history'] })
  const objects = files.filter(({ role }) => role === 'lake')
  if (objects.length > 0 && places.lake !== null)
    moves.push({ role: 'lake', files: objects, target: places.lake })
  else if (objects.length > 0) left.push('the lake: LAKE_URL is a bucket')
  return { moves, left }
}

/** What is there and must go aside: the target, then what a database has beside it. */
export const presentAt = ({ role, target }: Move): string[] =>
  [target, ...(isDatabase(role) ? SIDES.map(side => `${target}${side}`) : [])].filter(path =>
    existsSync(path),
  )
