/** What a backup says of itself. */
import { lstatSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { StartFailure } from '../shared/errors.ts'

export const MANIFEST = 'manifest.json'
/** Of the folder's layout: a higher one is of a newer version. */
export const FORMAT = 1

export const roles = ['licenses', 'fleet', 'fleet-key', 'estate', 'estate-history', 'lake'] as const
export type Role = (typeof roles)[number]

export type DatabaseRole = 'licenses' | 'fleet' | 'estate'
export const databaseRoles: readonly DatabaseRole[] = ['licenses', 'fleet', 'estate']
export const isDatabase = (role: string): role is DatabaseRole =>
  databaseRoles.some(database => database === role)

/** The one name that each has in a backup. Objects of the lake have their own below `lake/`. */
export const nameOf: Record<Exclude<Role, 'lake'>, string> = {
  licenses: 'licenses.db',
  fleet: 'fleet.db',
  'fleet-key': 'fleet.db.key',
  estate: 'estate.db',
  'estate-history': 'estate.db.history',
}

/** Folders and a file, none of which begins with a dot: nothing that leads out, nothing hidden. */
const OBJECT = /^lake(\/[\w=-][\w.=-]{0,199}){1,8}$/

export const isObjectName = (name: string): boolean => OBJECT.test(name)

const bytes = z.int().nonnegative()
const file = z
  .object({
    name: z.string().max(900),
    role: z.enum(roles),
    /** As it lies in the folder. */
    bytes,
    sha256: z.string().regex(/^[\da-f]{64}$/),
    compressed: z.boolean(),
    /** As it is when it is not compressed. */
    unpacked_bytes: bytes,
  })
  .refine(({ name, role, compressed }) => name === expectedName(role, name, compressed), {
    error: ({ input }) =>
      `${JSON.stringify((input as { name: string }).name.slice(0, 100))} is no name of a file in a backup`,
  })

const manifest = z.object({
  format: z.literal(FORMAT),
  version: z.string().max(100),
  commit: z.string().max(100),
  made_at: z.iso.datetime(),
  files: z.array(file).min(1).max(2_000_000),
  /** Of the ledger, for people. */
  counts: z.object({
    open_borrows: z.int(),
    borrows: z.int(),
    charges: z.int(),
    /** The time of its newest transaction; null: there was none. */
    newest_at: z.string().nullable(),
  }),
  /** What is not in it, and why. */
  left_out: z.array(z.string()),
})

export type Manifest = z.output<typeof manifest>
export type ManifestFile = z.output<typeof file>

function expectedName(role: Role, name: string, compressed: boolean): string | null {
  if (role === 'lake') return isObjectName(name) && !compressed ? name : null
  return compressed ? `${nameOf[role]}.gz` : nameOf[role]
}

/** @param folder a backup @throws StartFailure in words for the person who restores */
export function readManifest(folder: string): Manifest {
  const damaged = (why: string) =>
    new StartFailure(
      `${join(folder, MANIFEST)} cannot be used: ${why}`,
      'choose another backup: node dist/backup.js --list',
    )
  let text: string
  try {
    text = readFileSync(join(folder, MANIFEST), 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new StartFailure(
        `This is no backup: ${folder} (it has no ${MANIFEST})`,
        'node dist/backup.js --list',
      )
    throw damaged(message)
  }
  let said: unknown
  try {
    said = JSON.parse(text)
  } catch {
    throw damaged('it is not whole JSON')
  }
  const format = (said as { format?: unknown } | null)?.format
  if (typeof format === 'number' && format > FORMAT)
    throw damaged(`it is of format ${format}, this version knows ${FORMAT}: restore it with a newer version`)
  const parsed = manifest.safeParse(said)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw damaged(`${issue?.path.join('.') || 'it'}: ${issue?.message}`)
  }
  const twice = parsed.data.files.find((one, index, all) =>
    one.role === 'lake' ? false : all.findIndex(({ role }) => role === one.role) !== index,
  )
  if (twice) throw damaged(`${twice.name} is named twice`)
  return parsed.data
}

/** The path of a file of a backup. @throws StartFailure when it is missing, no plain file, or elsewhere */
export function pathOf(folder: string, { name }: ManifestFile): string {
  const path = join(folder, name)
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found) throw new StartFailure(`The backup lacks ${name}: ${folder}`, 'choose another backup')
  if (!found.isFile() || realpathSync(path) !== join(realpathSync(folder), name))
    throw new StartFailure(`${path} is no plain file of the backup`, 'choose another backup')
  return path
}
