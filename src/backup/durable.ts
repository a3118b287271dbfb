/** Files that are whole and on the disk before anybody takes them for what they are named. */
import {
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { StartFailure } from '../shared/errors.ts'
import { bytesText } from './words.ts'

/** @param path of a file or a folder */
export function syncPath(path: string): void {
  const opened = openSync(path, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

/** Makes a folder, and those above it. Of a read-only disk `mkdir -p` of Node tells that something is not there. */
export function makeFolder(path: string, mode: number): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  if (dirname(path) !== path) makeFolder(dirname(path), 0o755)
  mkdirSync(path, { mode })
}

/**
 * Root gives what it makes to whom the place belongs to: the server, which is not root, must be able to use it.
 * @param path a file, or a folder with all that is in it
 * @param like a file of the server; when it is not there, its folder counts
 */
export function giveAll(path: string, like: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(like, { throwIfNoEntry: false }) ?? statSync(dirname(like))
  chownSync(path, uid, gid)
  if (!statSync(path).isDirectory()) return
  for (const name of readdirSync(path, { recursive: true })) chownSync(join(path, String(name)), uid, gid)
}

/** For what is not counted: names, the manifest, what the server writes meanwhile. */
const SPARE_BYTES = 1024 * 1024

/** @throws StartFailure when the disk of `folder` has less room than `bytes` */
export function needRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  if (free >= bytes + SPARE_BYTES) return
  throw new StartFailure(
    `The disk of ${folder} has too little room: ${bytesText(free)} are free, ${bytesText(bytes + SPARE_BYTES)} are needed`,
    `make room; df -h ${folder}`,
  )
}

const diskProblems: Record<string, string> = {
  ENOSPC: 'The disk is full',
  EDQUOT: 'The disk is full',
  SQLITE_FULL: 'The disk is full',
  EROFS: 'The disk is read-only',
  SQLITE_READONLY: 'The disk is read-only',
  EACCES: 'This user may not use it',
  EPERM: 'This user may not use it',
  ENOTDIR: 'There is a file where a folder should be',
  EEXIST: 'There is a file where a folder should be',
  EBUSY: 'It is in use, as a disk of its own is',
  EXDEV: 'It is on another disk',
}

/** The same error in words for a person, where it is the disk's. @param folder that was worked in */
export function diskFailure(error: unknown, folder: string): unknown {
  const { code, path = folder, message } = error as NodeJS.ErrnoException
  const isSqlites = /^SQLITE_(IOERR|CANTOPEN)/.test(code ?? '')
  const words = diskProblems[code ?? ''] ?? (isSqlites ? 'The disk fails' : undefined)
  if (words === undefined || error instanceof StartFailure) return error
  const failure = new StartFailure(
    `${words}: ${path} (${message}). Nothing was changed`,
    `df -h ${folder}; ls -ld ${path}`,
  )
  failure.cause = error
  return failure
}
