/** Proves that the image of the Dockerfile builds, runs, stops and keeps its data; `--help` tells more. */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readFlags } from '../src/shared/flags.ts'
import type { Engine } from './prove-image/engine.ts'
import { prove } from './prove-image/proof.ts'
import { hasDocker, withDocker } from './prove-image/with-docker.ts'
import { missingHere, withoutDocker } from './prove-image/without-docker.ts'

const help = `Usage: npm run prove-image -- [options]

Builds the image of the Dockerfile and proves it: sizes, HEALTHCHECK, version and commit, pages, a borrow,
a root that cannot be changed, the stop signal, a second start on the same data.

Without Docker it does what the Dockerfile says in a clean folder: COPY by .dockerignore, RUN in a root of its
own, and the command as the unprivileged user, as process 1. What differs from Docker is said at the end.

  --docker            build and run by Docker
  --packages FOLDER   take node_modules of this folder instead of npm ci (1 to 3 minutes); . is this project
  --app-version TEXT  the version to bake in  [0.0.0-proof]
  --commit TEXT       the commit to bake in   [0123456789ab]
  --keep              leave what was made, and say where
  -h, --help          print this

Exit code: 0 proved, 1 not, 64 wrong usage, 78 not possible on this machine
`
const known = {
  docker: { preset: false },
  packages: { preset: null },
  'app-version': { preset: '0.0.0-proof' },
  commit: { preset: '0123456789ab' },
  keep: { preset: false },
} as const
const EX_USAGE = 64
const EX_CONFIG = 78

process.exitCode = await run()

async function run(): Promise<number> {
  const { values: flags, help: wantsHelp, problems } = readFlags(process.argv.slice(2), known)
  if (wantsHelp) {
    process.stdout.write(help)
    return 0
  }
  if (problems.length > 0) {
    process.stderr.write(`${problems.join('\n')}\n  Try: npm run prove-image -- --help\n`)
    return EX_USAGE
  }
  const context = fileURLToPath(new URL('..', import.meta.url))
  const packages = flags.packages === null ? null : resolve(flags.packages)
  const problem = flags.docker
    ? (await hasDocker())
      ? null
      : 'no Docker engine answers; try it without --docker'
    : (missingHere() ?? (packages && problemOf(packages, context)))
  if (problem) {
    process.stderr.write(`Not possible here: ${problem}\n`)
    return EX_CONFIG
  }
  const folder = flags.docker ? '' : mkdtempSync(join(tmpdir(), 'twinloop-image-'))
  const since = performance.now()
  const tell = (mark: string, text: string) => {
    const seconds = Math.round((performance.now() - since) / 1000)
    process.stdout.write(`${String(seconds).padStart(4)} s  ${mark} ${text}\n`)
  }
  const doing = (text: string) => tell('  ', text)
  const engine: Engine = flags.docker
    ? withDocker({ context, keep: flags.keep })
    : withoutDocker({ context, folder, packages, keep: flags.keep, doing })
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void engine.end().then(() => process.exit(1)))
  const { 'app-version': version, commit } = flags
  try {
    doing('building')
    await engine.build({ APP_VERSION: version, APP_COMMIT: commit })
    await prove(engine, { version, commit, context, holds: text => tell('ok', text) })
    tell('ok', 'proved')
    for (const difference of engine.differs) process.stdout.write(`Otherwise than in Docker: ${difference}\n`)
    return 0
  } catch (error) {
    tell('NO', (error as Error).message)
    return 1
  } finally {
    await engine.end()
    if (flags.keep && folder) process.stdout.write(`Kept: ${folder}\n`)
  }
}

/** They must be what `npm ci` would install now. */
function problemOf(packages: string, context: string): string | null {
  const installed = join(packages, 'node_modules/.package-lock.json')
  if (!existsSync(installed)) return `${packages} has no node_modules that npm installed`
  const versionsIn = (file: string) => JSON.parse(readFileSync(file, 'utf8')).packages
  const has = versionsIn(installed)
  const wanted = Object.entries<{ version?: string; optional?: boolean }>(
    versionsIn(join(context, 'package-lock.json')),
  )
  const other = wanted.find(
    ([path, { version, optional }]) => path !== '' && !optional && has[path]?.version !== version,
  )
  return other ? `${packages} does not have what package-lock.json says (${other[0]}): npm ci` : null
}
