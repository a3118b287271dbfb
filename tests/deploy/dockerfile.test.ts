import { existsSync, readFileSync } from 'node:fs'
import { validate } from 'dockerfile-utils'
import { describe, expect, it } from 'vitest'
import { ignored } from '../../scripts/prove-image/ignore.ts'
import { dockerfile, lastStage, pathOf, stagesOf, textOf } from './deploy-files.ts'

const isIgnored = ignored(textOf('.dockerignore'))
const steps = stagesOf().flatMap(stage => stage.steps)
const copied = steps.flatMap(step => (step.does === 'copy' && step.from === null ? step.sources : []))

describe('the Dockerfile', () => {
  it('has nothing that a linter says', () => {
    expect(validate(dockerfile)).toEqual([])
  })

  it('names its bases by exact versions, the same Node for building and running', () => {
    const bases = stagesOf().map(({ base }) => base)
    for (const base of bases)
      expect(base).toMatch(/^node:24\.\d+\.\d+-bookworm(-slim)?(@sha256:[\da-f]{64})?$/)
    expect(new Set(bases.map(base => base.replace(/-slim|@.*/g, ''))).size).toBe(1)
  })

  it('runs on the slim base, as a user without rights', () => {
    expect(lastStage().base).toContain('-slim')
    expect(lastStage().user).toBe('node')
  })

  it('starts node itself, so that the stop signal reaches the server', () => {
    expect(lastStage()).toMatchObject({ command: ['node', 'dist/main.js'], stopSignal: 'SIGTERM' })
  })

  it('installs exactly what the lockfile says', () => {
    const installs = steps.flatMap(step => (step.does === 'run' ? (step.command.at(-1) ?? '') : []))
    expect(installs.filter(line => /\bnpm (ci|i|install)\b/.test(line))).toEqual([
      'npm ci --no-audit --no-fund',
    ])
  })

  it('installs before it copies sources, so that a changed line of code installs nothing anew', () => {
    const order = stagesOf()[0]?.steps.flatMap(step =>
      step.does === 'run' ? 'run' : step.does === 'copy' ? step.sources : [],
    )
    expect(order?.slice(0, 3)).toEqual(['package.json', 'package-lock.json', 'run'])
    expect(order).toContain('src')
  })

  it('asks for health at the port that the server listens on', () => {
    const check = lastStage().healthcheck
    expect(check?.command.slice(0, 2)).toEqual(['node', '-e'])
    expect(check?.command[2]).toContain('process.env.PORT || 8000')
    expect(lastStage().ports).toContain('8000')
    expect(check?.timeoutMs).toBeLessThan(check?.intervalMs ?? 0)
  })

  it('keeps what lasts in one volume, where the database is', () => {
    const { volumes, env } = lastStage()
    expect(volumes).toEqual(['/data'])
    expect(env.LICENSE_DB_PATH).toMatch(/^\/data\//)
  })

  it('bakes in version and commit, and says them as labels', () => {
    const { labels } = lastStage({ APP_VERSION: '1.2.3', APP_COMMIT: 'abc' })
    expect(labels).toMatchObject({
      'org.opencontainers.image.version': '1.2.3',
      'org.opencontainers.image.revision': 'abc',
      'org.opencontainers.image.licenses': 'MIT',
    })
    const build = steps.find(step => step.does === 'run' && step.command.at(-1) === 'npm run build')
    expect(build?.does === 'run' && Object.keys(build.env)).toContain('APP_COMMIT')
  })

  it('has no secret in it: its variables are the mode, the bounds of memory and where the database is', () => {
    const names = ['NODE_ENV', 'NODE_OPTIONS', 'MALLOC_ARENA_MAX', 'LICENSE_DB_PATH']
    expect(Object.keys(lastStage().env)).toEqual(names)
  })
})

describe('what gets into a build', () => {
  it.each(copied)('%s is there, and let in', source => {
    expect(existsSync(pathOf(source))).toBe(true)
    expect(isIgnored(source)).toBe(false)
  })

  it('has every tsconfig that the build names', () => {
    const named = readFileSync(pathOf('scripts/build.ts'), 'utf8').match(/tsconfig[\w.]*\.json/g) ?? []
    expect(named.length).toBeGreaterThan(0)
    expect(copied).toEqual(expect.arrayContaining([...new Set(named)]))
  })

  it.each([
    ...['.env', '.env.local', '.git/config', '.git', 'fleet.db.key', 'src/.env', 'static/.env.production'],
    ...[
      'licenses.db',
      'licenses.db-wal',
      'src/licenses.db',
      'docs/x.key',
      'src/deep/server.pem',
      'scripts/a.db-shm',
    ],
    ...['node_modules/x/index.js', 'dist/main.js', 'lake/2026/x.gz', 'tests/a.test.ts', '.npmrc', 'fly.toml'],
    ...['static/assets/index.js', 'static/pages/index.html', 'backups/a.tar.gz'],
  ])('%s is left out', path => {
    expect(isIgnored(path)).toBe(true)
  })
})
