import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copyInto } from '../../scripts/prove-image/copy.ts'
import { readDockerfile } from '../../scripts/prove-image/dockerfile.ts'
import { ignored } from '../../scripts/prove-image/ignore.ts'
import { entering } from '../../scripts/prove-image/room.ts'
import { sizesOf } from '../../scripts/prove-image/sizes.ts'
import { expand } from '../../scripts/prove-image/variables.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const tiny = `FROM node:1 AS build
WORKDIR /app
COPY a b ./
ARG COMMIT="none"
RUN make \\
  all
FROM node:1-slim
ENV HOME_OF=/data PLACE=\${HOME_OF}/x
WORKDIR /app
WORKDIR sub
COPY --from=build /app/out out
USER node
VOLUME ["/data"]
EXPOSE 80 81
ARG COMMIT="none"
LABEL rev="\${COMMIT}"
HEALTHCHECK --interval=5s --timeout=2s CMD ["ask", "$COMMIT"]
CMD ["run", "it"]
`

describe('reading a Dockerfile', () => {
  it('knows the steps of each stage, with what they see', () => {
    const [build] = readDockerfile(tiny, { COMMIT: 'abc' })
    expect(build).toMatchObject({ name: 'build', base: 'node:1' })
    expect(build?.steps).toEqual([
      { line: 2, user: 'root', does: 'folder', cwd: '/app' },
      { line: 3, user: 'root', does: 'copy', cwd: '/app', from: null, sources: ['a', 'b'], to: './' },
      {
        line: 5,
        user: 'root',
        does: 'run',
        cwd: '/app',
        command: ['/bin/sh', '-c', 'make   all'],
        env: { COMMIT: 'abc' },
      },
    ])
  })

  it('knows how the last stage runs', () => {
    expect(readDockerfile(tiny).at(-1)).toMatchObject({
      workdir: '/app/sub',
      user: 'node',
      env: { HOME_OF: '/data', PLACE: '/data/x' },
      volumes: ['/data'],
      ports: ['80', '81'],
      labels: { rev: 'none' },
      command: ['run', 'it'],
      healthcheck: { command: ['ask', '$COMMIT'], intervalMs: 5000, timeoutMs: 2000, startMs: 0 },
    })
  })

  it('forgets the arguments of the stage before', () => {
    const [, second] = readDockerfile('FROM a\nARG X=1\nFROM b\nRUN echo $X\n')
    expect(second?.steps[0]).toMatchObject({ env: {} })
  })

  it.each([
    ['FROM a\nONBUILD RUN x', 'Dockerfile:2: ONBUILD is not known here'],
    ['RUN x', 'Dockerfile:1: RUN there is no FROM before it'],
    ['FROM a\nCOPY --chmod=755 x y', 'Dockerfile:2: COPY has --chmod, which is not known here'],
    ['FROM a\nCOPY x', 'Dockerfile:2: COPY needs a source and a destination'],
    ['FROM a\nRUN --mount=type=cache,target=/x y', 'Dockerfile:2: RUN has flags, which are not known here'],
    ['FROM a\nHEALTHCHECK CMD x', 'Dockerfile:2: HEALTHCHECK is known with a JSON list only'],
    ['FROM --platform=x a', 'Dockerfile:1: FROM has flags, which are not known here'],
  ])('says of what it does not know where it is: %j', (text, says) => {
    expect(() => readDockerfile(text)).toThrow(says)
  })
})

it.each([
  ['a$X-b', 'a1-b'],
  ['$' + '{X}y', '1y'],
  ['$' + '{Y:-preset}', 'preset'],
  ['$' + '{E:-preset}', 'preset'],
  ['$Y.', '.'],
])('%s is filled as Docker does', (value, filled) => {
  expect(expand(value, { X: '1', E: '' })).toBe(filled)
})

describe('.dockerignore', () => {
  const isIgnored = ignored('# comment\n*\n!src\n!a.json\nsrc/gen\n**/*.key\n!src/gen/keep\n')
  it.each([
    ['other', true],
    ['src', false],
    ['src/deep/file.ts', false],
    ['a.json', false],
    ['b.json', true],
    ['src/gen', true],
    ['src/gen/x', true],
    ['src/gen/keep', false],
    ['src/generous', false],
    ['src/deep/a.key', true],
    ['src/a.keys', false],
  ])('%s: %s', (path, expected) => {
    expect(isIgnored(path)).toBe(expected)
  })
})

describe('COPY', () => {
  const files = (...paths: string[]) => {
    const folder = temporaryFolder()
    for (const path of paths) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), path)
    }
    return { folder, isIgnored: ignored('*\n!src\n!a\nsrc/secret*\nsrc/made') }
  }

  it('takes what is in a folder, without what is ignored', () => {
    const to = temporaryFolder()
    copyInto(files('src/x/y.ts', 'src/secret.key', 'src/made/z'), ['src'], join(to, 'src'), false)
    expect(readFileSync(join(to, 'src/x/y.ts'), 'utf8')).toBe('src/x/y.ts')
    expect(existsSync(join(to, 'src/secret.key'))).toBe(false)
    expect(existsSync(join(to, 'src/made'))).toBe(false)
  })

  it('puts a file into a folder, or under another name', () => {
    const to = temporaryFolder()
    copyInto(files('a'), ['a'], to, true)
    copyInto(files('a'), ['a'], join(to, 'b'), false)
    expect([existsSync(join(to, 'a')), existsSync(join(to, 'b'))]).toEqual([true, true])
  })

  it.each([
    ['missing', /there is no such file/],
    ['hidden', /\.dockerignore leaves it out/],
    ['*.json', /patterns are not known/],
  ])('%s is refused', (source, says) => {
    expect(() => copyInto(files('hidden'), [source], temporaryFolder(), true)).toThrow(says)
  })
})

describe('a room', () => {
  const visit = {
    command: ['x', 'y'],
    cwd: '/app',
    env: { A: '1' },
    volumes: [{ folder: '/tmp/v', at: '/data' }],
  }

  it('cannot be changed but for its volumes and /tmp, and the user has no rights', () => {
    const { args } = entering('/room', { ...visit, user: 'node', readOnly: true })
    const script = args.find(text => text.includes('chroot')) ?? ''
    expect(script.indexOf('mount --bind \'/tmp/v\' "$ROOM/data"')).toBeGreaterThan(0)
    expect(script).toContain('mount -o remount,bind,ro "$ROOM"')
    expect(args).toEqual(expect.arrayContaining(['--pid', '--no-new-privs', '--bounding-set=-all']))
    expect(args.slice(-3)).toEqual(['/app', 'x', 'y'])
  })

  it('sees nothing of this environment', () => {
    const { env } = entering('/room', { ...visit, user: 'root', readOnly: false })
    expect(Object.keys(env).sort()).toEqual(['A', 'HOME', 'PATH', 'ROOM'])
  })

  it('knows the users of the image only', () => {
    expect(() => entering('/room', { ...visit, user: 'other', readOnly: true })).toThrow(/USER other/)
  })
})

it('sizes are those of all files, the largest packages first', () => {
  const folder = temporaryFolder()
  const write = (path: string, bytes: number) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), 'x'.repeat(bytes))
  }
  write('node_modules/small/a', 10)
  write('node_modules/@scope/large/deep/a', 100)
  write('dist/main.js', 50)
  expect(sizesOf(folder, 1)).toEqual({
    bytes: 160,
    parts: [
      { part: 'node_modules', bytes: 110 },
      { part: 'dist', bytes: 50 },
    ],
    packages: [{ part: '@scope/large', bytes: 100 }],
  })
})
