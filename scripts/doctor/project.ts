/** Whether the project itself can run: Node.js, packages, database driver, build. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isAtLeast } from '../stack/versions.ts'
import { type Check, ok, problem, warning } from './check.ts'

/** @param engines as package.json has it: `>=20.19` */
export function decideNode(version: string, engines: string): Check {
  const oldest = engines.replace(/^>=\s*/, '')
  return isAtLeast(version, oldest)
    ? ok('Node.js', version)
    : problem(
        'Node.js',
        `${version} is older than ${oldest}`,
        'install Node.js 24 (nodejs.org), then: npm ci',
      )
}

export interface Installed {
  name: string
  /** In package-lock.json. */
  wanted: string | undefined
  /** In node_modules, or null: it is not there. */
  found: string | null
}

export function decidePackages(all: readonly Installed[]): Check {
  const missing = all.filter(({ found }) => found === null).map(({ name }) => name)
  if (missing.length > 0) return problem('packages', `not installed: ${missing.join(', ')}`, 'npm ci')
  const other = all.filter(({ wanted, found }) => wanted !== undefined && wanted !== found)
  if (other.length === 0) return ok('packages', `${all.length} as in package-lock.json`)
  const shown = other.map(({ name, wanted, found }) => `${name} ${found} (wanted: ${wanted})`)
  return warning('packages', `other versions: ${shown.join(', ')}`, 'npm ci')
}

/** @param built and changed in ms since 1970; built is null when there is no build */
export function decideBuild(built: number | null, changed: number): Check {
  const todo = 'npm start and npm run stack build first; or: npm run build'
  if (built === null) return warning('build', 'there is none yet', todo)
  return built < changed
    ? warning('build', 'it is older than the sources', todo)
    : ok('build', 'newer than the sources')
}

/** Looks at the project folder. */
export async function lookAtProject(root: string): Promise<Check[]> {
  const { engines, dependencies, devDependencies } = JSON.parse(read(root, 'package.json') ?? '{}')
  const locked = JSON.parse(read(root, 'package-lock.json') ?? '{}').packages ?? {}
  const installed = Object.keys({ ...dependencies, ...devDependencies }).map((name): Installed => {
    const text = read(root, `node_modules/${name}/package.json`)
    return {
      name,
      wanted: locked[`node_modules/${name}`]?.version,
      found: text === null ? null : JSON.parse(text).version.replace(/^v/, ''),
    }
  })
  const built = join(root, 'dist/build-info.json')
  return [
    decideNode(process.version, engines.node),
    decidePackages(installed),
    await lookAtDriver(),
    decideBuild(existsSync(built) ? statSync(built).mtimeMs : null, newest(join(root, 'src'))),
  ]
}

async function lookAtDriver(): Promise<Check> {
  try {
    const { Database } = await import('../../src/db/driver.ts')
    const database = new Database(':memory:')
    const version = String(database.prepare('SELECT sqlite_version()').pluck().get())
    database.close()
    return ok('better-sqlite3', `loads; SQLite ${version}`)
  } catch (error) {
    const says = `does not load: ${String(error).split('\n')[0]}`
    return problem('better-sqlite3', says, 'npm ci, with the Node.js that runs the app')
  }
}

const newest = (folder: string): number =>
  Math.max(
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(
      name => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    ),
  )

const read = (root: string, path: string): string | null =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null
