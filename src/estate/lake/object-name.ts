import { LakeFailure } from './lake.ts'

/** How large an object may be that is read into memory: ours have a few MB. */
export const OBJECT_MAX_BYTES = 64 * 1024 * 1024
const NAME_MAX = 900

/**
 * The parts of an object's name, none of which leads out of the lake: no empty ones, none that begins with a dot
 * (hidden files and `..`), no control characters, no backslash.
 * @throws LakeFailure when it is no name
 */
export function partsOf(key: string): string[] {
  const parts = key.split('/')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a name
  const isName = key.length <= NAME_MAX && !/[\u0000-\u001f\u007f\\]/.test(key)
  if (!isName || parts.some(part => part === '' || part.startsWith('.')))
    throw new LakeFailure('failed', `${JSON.stringify(key.slice(0, 100))} is no name of an object`)
  return parts
}

/** Those that are larger are not read. @throws LakeFailure */
export function checkSize(key: string, bytes: number): void {
  if (bytes > OBJECT_MAX_BYTES) throw new LakeFailure('failed', `${key} has ${bytes} bytes`)
}
