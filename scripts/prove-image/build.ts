/** The steps of a Dockerfile, done one after the other in folders of this machine. */
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { copyInto, type Source } from './copy.ts'
import type { Stage, Step } from './dockerfile.ts'
import { ignored } from './ignore.ts'
import { entering, furnish } from './room.ts'

export interface BuildOptions {
  /** The folder with the Dockerfile. */
  context: string
  /** An empty folder for the stages. */
  into: string
  /** A folder whose node_modules stand for what `npm ci` would install; null: it installs. */
  packages: string | null
  /** Told of each step before it is done. */
  doing: (text: string) => void
}

/** Builds every stage. @returns the root folder of each, by name @throws Error that tells of the step that failed */
export async function buildStages(
  stages: readonly Stage[],
  options: BuildOptions,
): Promise<Map<string, string>> {
  const roots = new Map<string, string>()
  for (const stage of stages) {
    const root = join(options.into, stage.name)
    mkdirSync(root, { recursive: true })
    furnish(root)
    roots.set(stage.name, root)
    for (const step of stage.steps) await perform(step, root, roots, options)
  }
  return roots
}

async function perform(step: Step, root: string, roots: Map<string, string>, options: BuildOptions) {
  if (step.does === 'folder') mkdirSync(join(root, step.cwd), { recursive: true })
  else if (step.does === 'copy') {
    options.doing(`COPY ${step.sources.join(' ')}${step.from ? ` from ${step.from}` : ''}`)
    const to = step.to.startsWith('/') ? step.to : join(step.cwd, step.to)
    const target = join(root, to)
    const isFolder = step.to.endsWith('/') || existsSync(target)
    copyInto(sourceOf(step.from, roots, options.context), step.sources, target, isFolder)
  } else {
    const line = step.command.at(-1) ?? ''
    if (options.packages !== null && /^npm ci\b/.test(line)) {
      options.doing(`(not run: ${line}; packages of ${options.packages})`)
      cpSync(join(options.packages, 'node_modules'), join(root, step.cwd, 'node_modules'), {
        recursive: true,
        verbatimSymlinks: true,
      })
    } else {
      options.doing(`RUN ${line}`)
      await runInside(step, root)
    }
  }
}

function sourceOf(from: string | null, roots: Map<string, string>, context: string): Source {
  if (from === null) {
    const file = join(context, '.dockerignore')
    return { folder: context, isIgnored: ignored(existsSync(file) ? readFileSync(file, 'utf8') : '') }
  }
  const folder = roots.get(from)
  if (!folder) throw new Error(`COPY --from=${from}: there is no such stage before it`)
  return { folder, isIgnored: () => false }
}

/** With this machine's settings and cache of npm, so that nothing is fetched twice. */
async function runInside(step: Step & { does: 'run' }, root: string) {
  const cache = join(homedir(), '.npm')
  const settings = join(homedir(), '.npmrc')
  for (const folder of [cache, join(root, 'root/.npm')]) mkdirSync(folder, { recursive: true })
  writeFileSync(join(root, 'root/.npmrc'), '')
  const volumes = [
    { folder: cache, at: '/root/.npm' },
    ...(existsSync(settings) ? [{ folder: settings, at: '/root/.npmrc' }] : []),
  ]
  const { file, args, env } = entering(root, {
    ...step,
    env: { ...ofNpm(), ...step.env },
    readOnly: false,
    volumes,
  })
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', part => {
      output = `${output}${part}`.slice(-4000)
    })
  const code = await new Promise(resolve => child.once('error', resolve).once('close', resolve))
  if (code !== 0) throw new Error(`Dockerfile:${step.line}: it ended with ${code}\n${output}`)
}

const ofNpm = () =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      /^(npm_config_(registry|nodedir|cafile)|https?_proxy|NODE_EXTRA_CA_CERTS)$/i.test(name) && value
        ? [[name, value]]
        : [],
    ),
  )
