/** How large the parts of the image are. */
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface Size {
  part: string
  bytes: number
}

/** Bytes of all files in a folder. */
export function bytesIn(path: string): number {
  const status = lstatSync(path)
  if (!status.isDirectory()) return status.size
  return readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0)
}

/** The parts of the application's folder, and its largest packages. */
export function sizesOf(folder: string, packages = 10): { parts: Size[]; packages: Size[]; bytes: number } {
  const parts = readdirSync(folder).map(part => ({ part, bytes: bytesIn(join(folder, part)) }))
  const modules = join(folder, 'node_modules')
  const names = readdirSync(modules).flatMap(name =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map(each => `${name}/${each}`) : name,
  )
  const largest = names.map(part => ({ part, bytes: bytesIn(join(modules, part)) })).sort(byBytes)
  return {
    parts: parts.sort(byBytes),
    packages: largest.slice(0, packages),
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

/** A line each, in MB of a million bytes. */
export const sizeTable = (sizes: readonly Size[]): string =>
  sizes.map(({ part, bytes }) => `${(bytes / 1e6).toFixed(1).padStart(10)} MB  ${part}\n`).join('')

const byBytes = (a: Size, b: Size) => b.bytes - a.bytes
