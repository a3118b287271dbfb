/** Builds what `npm start` runs: the server to dist/, the pages' scripts and styles to static/assets/. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type BuildOptions, build, context } from 'esbuild'
import { pageOf } from './build/page.ts'
import { runbookPage } from './build/runbook.ts'

const root = new URL('..', import.meta.url).pathname
const watching = process.argv.includes('--watch')
const pagesOnly = watching || process.argv.includes('--pages')

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
  minify: !watching,
  sourcemap: watching,
  format: 'esm',
  target: 'es2022',
  external: ['/vendor/*', '/assets/*'],
  logLevel: 'warning',
}

/** The deck's typefaces, latin, and the licence (OFL 1.1) that each asks to be kept beside it. */
const fonts: Record<string, string> = {
  'inter-latin.woff2': '@fontsource-variable/inter/files/inter-latin-opsz-normal.woff2',
  'inter-OFL.txt': '@fontsource-variable/inter/LICENSE',
  'mono-latin.woff2': '@fontsource/jetbrains-mono/files/jetbrains-mono-latin-400-normal.woff2',
  'mono-OFL.txt': '@fontsource/jetbrains-mono/LICENSE',
}

const sources = join(root, 'static')
const runbookText = join(root, 'docs/runbook.md')
const frame = '_frame.html'

mkdirSync(join(root, 'static/assets'), { recursive: true })
if (watching) {
  await (await context(pages)).watch()
  buildPages()
  copyFonts()
  // Folders, not files: editors replace the file that they save, and for a moment there is none.
  for (const folder of [sources, dirname(runbookText)])
    watch(folder, (_event, name) => {
      if (name && /\.(html|md)$/.test(name) && existsSync(join(folder, name))) buildPages()
    })
} else {
  rmSync(join(root, 'static/assets'), { recursive: true, force: true })
  await build(pages)
  mkdirSync(join(root, 'static/assets'), { recursive: true })
  buildPages()
  copyFonts()
}
if (!pagesOnly) buildServer()

/** Puts every page into the frame that they share. */
function buildPages() {
  const read = (name: string) => readFileSync(join(sources, name), 'utf8')
  mkdirSync(join(sources, 'pages'), { recursive: true })
  for (const file of readdirSync(sources).filter(name => name.endsWith('.html') && name !== frame)) {
    const name = basename(file, '.html')
    const page = pageOf(name, read(file), read(frame))
    const whole = name === 'runbook' ? runbookPage(page, readFileSync(runbookText, 'utf8')) : page
    writeFileSync(join(sources, 'pages', file), whole)
  }
}

function copyFonts() {
  mkdirSync(join(root, 'static/assets/fonts'), { recursive: true })
  for (const [name, from] of Object.entries(fonts))
    copyFileSync(join(root, 'node_modules', from), join(root, 'static/assets/fonts', name))
}

function buildServer() {
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  mkdirSync(join(root, 'dist'))
  // The client's declarations are for those who import it; nobody imports the rest.
  for (const project of ['tsconfig.build.json', 'tsconfig.client.json'])
    execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(root, project)], { stdio: 'inherit' })
  chmodSync(join(root, 'dist/cli.js'), 0o755)
  writeFileSync(join(root, 'dist/build-info.json'), JSON.stringify(buildInfo()))
}

/** The commit and when it was made; a folder without history has none. */
function buildInfo(): { commit: string; committed_at: string | null } {
  const given = process.env.APP_COMMIT
  if (given) return { commit: given, committed_at: process.env.APP_COMMITTED_AT || null }
  try {
    const [commit = 'unknown', committedAt = null] = execFileSync(
      'git',
      ['log', '-1', '--abbrev=12', '--format=%h %cI'],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    )
      .toString()
      .trim()
      .split(' ')
    return { commit, committed_at: committedAt }
  } catch {
    return { commit: 'unknown', committed_at: null }
  }
}
