/** Builds what `npm start` runs: the server to dist/, the pages' scripts and styles to static/assets/. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type BuildOptions, build, context } from 'esbuild'

const root = new URL('..', import.meta.url).pathname
const watch = process.argv.includes('--watch')
const pagesOnly = watch || process.argv.includes('--pages')

const filesIn = (folder: string, isEntry: (name: string) => boolean) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder))
        .filter(isEntry)
        .map(name => join(root, folder, name))
    : []

const pages: BuildOptions = {
  entryPoints: [
    ...filesIn('src/web/pages', name => name.endsWith('.ts')),
    ...filesIn('src/web/styles', name => name.endsWith('.css') && !name.startsWith('_')),
  ].map(path => ({ in: path, out: basename(path).replace(/\.\w+$/, '') })),
  outdir: join(root, 'static/assets'),
  bundle: true,
  minify: !watch,
  sourcemap: watch,
  format: 'esm',
  target: 'es2022',
  external: ['/vendor/*'],
  logLevel: 'warning',
}

if (watch) await (await context(pages)).watch()
else {
  rmSync(join(root, 'static/assets'), { recursive: true, force: true })
  await build(pages)
}
if (!pagesOnly) buildServer()

function buildServer() {
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  mkdirSync(join(root, 'dist'))
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  })
  writeFileSync(join(root, 'dist/build-info.json'), JSON.stringify({ commit: commitId() }))
}

/** What `git` says the commit is; a folder without history has none. */
function commitId(): string {
  if (process.env.APP_COMMIT) return process.env.APP_COMMIT
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .toString()
      .trim()
  } catch {
    return 'unknown'
  }
}
