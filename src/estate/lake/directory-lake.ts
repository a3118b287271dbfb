/** The lake as files in a folder. */
import { link, mkdir, open, readdir, readFile, rename, rmdir, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Clock } from '../../shared/clock.ts'
import { newId } from '../../shared/id.ts'
import { codeOf, makeFolders, syncFolder, walk } from './folders.ts'
import { type Lake, LakeFailure, type LakeProblem } from './lake.ts'
import { checkSize, partsOf } from './object-name.ts'

/** Where objects are written before they get their name. */
const UNFINISHED = '.unfinished'
/** What a killed process left is removed when it is older. */
const UNFINISHED_MS = 3_600_000
/** A partition can be removed, because it is empty, just when an object should get its name there. */
const ATTEMPTS = 3
const KNOWN_MAX = 1000
/** Names whose sizes are asked for side by side. */
const LIST_PIECE = 64

const problems: Record<string, LakeProblem> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  ESTALE: 'away',
  ETIMEDOUT: 'slow',
}
/** File systems without hard links say so in these ways. */
const withoutLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/** Makes the folder where it is not there. @throws LakeFailure */
export async function openDirectoryLake(folder: string, clock: Clock): Promise<Lake> {
  const unfinished = join(folder, UNFINISHED)
  /** Partitions that are durable. */
  const known = new Set<string>()

  async function answered<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof LakeFailure) throw error
      throw new LakeFailure(problems[codeOf(error) ?? ''] ?? 'failed', (error as Error).message, error)
    }
  }

  async function writeUnfinished(body: Buffer): Promise<string> {
    const path = join(unfinished, newId())
    const file = await open(path, 'wx').catch(async error => {
      if (codeOf(error) !== 'ENOENT') throw error
      await makeFolders(folder, [UNFINISHED])
      return open(path, 'wx')
    })
    try {
      await file.writeFile(body)
      await file.sync()
    } catch (error) {
      await unlink(path).catch(() => {})
      throw error
    } finally {
      await file.close()
    }
    return path
  }

  /** @returns false: the partition went away meanwhile */
  async function name(path: string, key: string, body: Buffer): Promise<boolean> {
    const target = join(folder, key)
    try {
      await link(path, target).catch(async error => {
        if (!withoutLinks.includes(codeOf(error) ?? '')) throw error
        if (await isThere(target)) throw Object.assign(new Error('it is there'), { code: 'EEXIST' })
        await rename(path, target)
      })
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false
      if (codeOf(error) !== 'EEXIST') throw error
      if (!(await readFile(target)).equals(body))
        throw new LakeFailure('failed', `There is another object of the name ${key}`, error)
    }
    await syncFolder(dirname(target))
    return true
  }

  async function clean() {
    for (const file of await readdir(unfinished)) {
      const path = join(unfinished, file)
      const found = await stat(path).catch(() => null)
      if (found && clock.now() - found.mtimeMs > UNFINISHED_MS) await unlink(path).catch(() => {})
    }
  }

  async function removeEmpty(key: string) {
    for (let path = dirname(key); path !== '.'; path = dirname(path)) {
      known.delete(path)
      const isGone = await rmdir(join(folder, path)).then(
        () => true,
        () => false,
      )
      if (!isGone) return
    }
  }

  await answered(async () => {
    await mkdir(unfinished, { recursive: true })
    await clean()
  })

  return {
    where: folder,
    put: (key, body) =>
      answered(async () => {
        const partition = partsOf(key).slice(0, -1)
        const path = await writeUnfinished(body)
        try {
          for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
            const at = partition.join('/')
            if (!known.has(at)) {
              await makeFolders(folder, partition)
              if (known.size >= KNOWN_MAX) known.clear()
              known.add(at)
            }
            if (await name(path, key, body)) return
            known.delete(at)
          }
          throw new LakeFailure('missing', `The folder of ${key} is gone`)
        } finally {
          await unlink(path).catch(() => {})
        }
      }),
    get: key =>
      answered(async () => {
        const path = join(folder, ...partsOf(key))
        try {
          checkSize(key, (await stat(path)).size)
          return await readFile(path)
        } catch (error) {
          if (codeOf(error) !== 'ENOENT') throw error
          await stat(folder)
          return null
        }
      }),
    async *list(prefix, after = '') {
      const names = walk(folder, '', prefix, after)
      for (;;) {
        const keys = await answered(() => nextOf(names, LIST_PIECE))
        if (keys.length === 0) return
        const found = await Promise.all(keys.map(key => stat(join(folder, key)).catch(() => null)))
        for (const [index, key] of keys.entries()) {
          const bytes = found[index]?.size
          if (bytes !== undefined) yield { key, bytes }
        }
      }
    },
    remove: keys =>
      answered(async () => {
        for (const key of keys) {
          await unlink(join(folder, ...partsOf(key))).catch(error => {
            if (codeOf(error) !== 'ENOENT') throw error
          })
          await removeEmpty(key)
        }
      }),
    close: async () => {},
  }
}

async function nextOf(names: AsyncGenerator<string>, count: number): Promise<string[]> {
  const next: string[] = []
  while (next.length < count) {
    const { done, value } = await names.next()
    if (done) break
    next.push(value)
  }
  return next
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )
