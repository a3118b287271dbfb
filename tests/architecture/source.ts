import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface SourceFile {
  /** From the root, with slashes: `src/licensing/pool.ts`. */
  path: string
  text: string
  /** What it imports: paths from the root for files, names for packages. */
  imports: { target: string; typeOnly: boolean }[]
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/g

/** Every TypeScript file below a folder. */
export function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => {
      const path = join(folder, name)
      const text = readFileSync(join(root, path), 'utf8')
      const imports = Array.from(text.matchAll(IMPORT), ([, typeOnly, target = '']) => ({
        target: target.startsWith('.') ? relative(root, join(root, dirname(path), target)) : target,
        typeOnly: typeOnly !== undefined,
      }))
      return { path, text, imports }
    })
}

/** The text without comments and strings: what the program does, not what it says. */
export const codeOf = (text: string): string =>
  text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\/\/.*$/gm, '')
    .replaceAll(/'[^'\n]*'|"[^"\n]*"/g, "''")
