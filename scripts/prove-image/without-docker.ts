/** Builds and runs an image by its Dockerfile where there is no Docker: folders and namespaces of this machine. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { buildStages } from './build.ts'
import { readDockerfile, type Stage } from './dockerfile.ts'
import type { Engine, Running } from './engine.ts'
import { freePort } from './ports.ts'
import { entering } from './room.ts'
import { sizesOf } from './sizes.ts'

export interface WithoutDockerOptions {
  context: string
  /** An empty folder. */
  folder: string
  packages: string | null
  keep: boolean
  doing: (text: string) => void
}

/** Why it cannot work here; null: it can. */
export function missingHere(): string | null {
  if (process.platform !== 'linux') return 'it needs the namespaces of Linux'
  const kind = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  try {
    execFileSync('unshare', [...kind, '--mount', '--pid', '--fork', 'setpriv', '--no-new-privs', 'true'], {
      stdio: 'pipe',
    })
    return null
  } catch {
    return 'this user may not make namespaces (unshare), or util-linux is missing'
  }
}

/** @throws Error when the Dockerfile has what is not known */
export function withoutDocker(options: WithoutDockerOptions): Engine {
  const volumes = join(options.folder, 'volumes')
  let stage: Stage
  let root: string
  const children = new Set<ChildProcess>()

  function enter(command: readonly string[], env: Record<string, string> = {}) {
    const {
      file,
      args,
      env: whole,
    } = entering(root, {
      command,
      cwd: stage.workdir,
      user: stage.user,
      env: { ...stage.env, ...env },
      readOnly: true,
      volumes: stage.volumes.map(at => ({ folder: join(volumes, at), at })),
    })
    const child = spawn(file, args, { env: whole, stdio: ['ignore', 'pipe', 'pipe'] })
    children.add(child)
    const state = { output: '', code: undefined as number | null | undefined }
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', part => {
        state.output = `${state.output}${part}`.slice(-20_000)
      })
    const ended = new Promise<number | null>(resolve =>
      child.once('close', code => {
        children.delete(child)
        state.code = code
        resolve(code)
      }),
    )
    return { child, state, ended }
  }

  return {
    differs: [
      'the base images are not fetched: Debian, Node and npm are this machine’s ' +
        `(Node ${process.versions.node}), and their size is not in the sums`,
      'PORT is a free one instead of the image’s, as there is no network of its own',
      ...(options.packages === null ? [] : ['npm ci is not run: the packages are those of --packages']),
      ...(process.getuid?.() === 0
        ? []
        : ['the user node is you: without rights there is no other user to be']),
    ],
    async build(args) {
      const stages = readDockerfile(readFileSync(join(options.context, 'Dockerfile'), 'utf8'), args)
      const roots = await buildStages(stages, {
        context: options.context,
        into: join(options.folder, 'stages'),
        packages: options.packages,
        doing: options.doing,
      })
      const last = stages.at(-1)
      const folder = last && roots.get(last.name)
      if (!last || !folder) throw new Error('the Dockerfile has no FROM')
      stage = last
      root = folder
      // As Docker does: a fresh volume is a copy of the image's folder, with its owner.
      for (const at of stage.volumes) copyWithOwner(join(root, at), join(volumes, at))
    },
    sizes: async () => sizesOf(join(root, stage.workdir)),
    async run(command) {
      const { ended, state } = enter(command)
      return { code: await ended, output: state.output }
    },
    async start(env): Promise<Running> {
      const port = await freePort()
      const ports = { PORT: String(port), MQTT_PORT: '0' }
      const { child, state, ended } = enter(stage.command, { ...ports, ...env })
      return {
        address: `http://127.0.0.1:${port}`,
        async isHealthy() {
          if (!stage.healthcheck) throw new Error('the Dockerfile has no HEALTHCHECK')
          return (await enter(stage.healthcheck.command, ports).ended) === 0
        },
        hasEnded: () => state.code !== undefined,
        async stop() {
          const since = performance.now()
          process.kill(firstProcessOf(child), stage.stopSignal as NodeJS.Signals)
          return { code: await ended, ms: performance.now() - since }
        },
        kill: () => void child.kill('SIGKILL'),
        output: () => state.output,
      }
    },
    async end() {
      for (const child of children) child.kill('SIGKILL')
      if (!options.keep) rmSync(options.folder, { recursive: true, force: true })
    },
  }
}

/** Process 1 of the namespace, by its number on this machine. */
function firstProcessOf({ pid }: ChildProcess): number {
  const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  if (!first) throw new Error('it runs no more')
  return Number(first)
}

function copyWithOwner(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  if (!existsSync(from)) return
  cpSync(from, to, { recursive: true })
  const { uid, gid } = lstatSync(from)
  for (const path of ['.', ...readdirSync(to, { recursive: true }).map(String)])
    lchownSync(join(to, path), uid, gid)
}
