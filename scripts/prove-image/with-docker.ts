/** Builds and runs the image by Docker, as strictly as the compose file does. */
import { execFile } from 'node:child_process'
import type { Engine, Running } from './engine.ts'
import { freePort } from './ports.ts'

const IMAGE = 'twinloop:proof'
const CONTAINER = 'twinloop-proof'
const VOLUME = 'twinloop-proof-data'
const STOP_SECONDS = 20
const strict = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges']
const onData = ['--volume', `${VOLUME}:/data`]

/** Whether an engine answers. */
export const hasDocker = async (): Promise<boolean> => (await docker(['info'])).code === 0

export function withDocker(options: { context: string; keep: boolean }): Engine {
  return {
    differs: [],
    async build(args) {
      const given = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`])
      const { code, output } = await docker(['build', ...given, '--tag', IMAGE, options.context])
      if (code !== 0) throw new Error(output.slice(-4000))
    },
    async sizes() {
      const bytes = Number(await said(['image', 'inspect', '--format', '{{.Size}}', IMAGE]))
      return { parts: [{ part: 'the whole image', bytes }], packages: [], bytes }
    },
    run: command => docker(['run', '--rm', ...strict, ...onData, IMAGE, ...command]),
    async start(env): Promise<Running> {
      const port = await freePort()
      const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`])
      const publish = ['--publish', `127.0.0.1:${port}:8000`]
      await docker(['rm', '--force', CONTAINER])
      await said([
        'run',
        '--detach',
        '--name',
        CONTAINER,
        ...strict,
        ...onData,
        ...publish,
        ...variables,
        IMAGE,
      ])
      let output = ''
      let isUp = true
      return {
        address: `http://127.0.0.1:${port}`,
        async isHealthy() {
          const state = await said([
            'inspect',
            '--format',
            '{{.State.Status}} {{.State.Health.Status}}',
            CONTAINER,
          ])
          isUp = state.startsWith('running')
          output = (await docker(['logs', CONTAINER])).output
          return state === 'running healthy'
        },
        hasEnded: () => !isUp,
        async stop() {
          const since = performance.now()
          await said(['stop', '--time', String(STOP_SECONDS), CONTAINER])
          const code = Number(await said(['inspect', '--format', '{{.State.ExitCode}}', CONTAINER]))
          return { code, ms: performance.now() - since }
        },
        kill: () => void docker(['kill', CONTAINER]),
        output: () => output,
      }
    },
    async end() {
      await docker(['rm', '--force', CONTAINER])
      if (options.keep) return
      await docker(['volume', 'rm', '--force', VOLUME])
      await docker(['image', 'rm', '--force', IMAGE])
    },
  }
}

async function said(args: string[]): Promise<string> {
  const { code, output } = await docker(args)
  if (code !== 0) throw new Error(`docker ${args[0]}: ${output.trim()}`)
  return output.trim()
}

const docker = (args: string[]) =>
  new Promise<{ code: number | null; output: string }>(resolve =>
    execFile('docker', args, { maxBuffer: 64e6 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) || 1 : 0, output: `${stdout}${stderr}` }),
    ),
  )
