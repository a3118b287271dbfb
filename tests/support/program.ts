/** The real program: dist/main.js in a process of its own, with an environment of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from './world.ts'

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface Program {
  child: ChildProcess
  folder: string
  stdout(): string
  stderr(): string
  /** Its whole log lines so far, parsed. */
  lines(): Record<string, unknown>[]
  ended: Promise<Ended>
  /** Resolves with the port when it listens. @throws Error when it ends or takes too long */
  port(timeoutMs?: number): Promise<number>
  /** Resolves when `holds`. @throws Error after `timeoutMs` */
  until(holds: () => boolean, timeoutMs?: number): Promise<void>
}

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

export function runProgram(env: Record<string, string> = {}, args: string[] = []): Program {
  const folder = temporaryFolder()
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', MQTT_PORT: '0', HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  let ended = false
  child.stdout.on('data', chunk => {
    stdout += chunk
  })
  child.stderr.on('data', chunk => {
    stderr += chunk
  })
  const end = new Promise<Ended>(resolve =>
    child.once('close', (code, signal) => {
      ended = true
      resolve({ code, signal })
    }),
  )
  onTestFinished(async () => {
    if (!ended) child.kill('SIGKILL')
    await end
  })
  const lines = () =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line))
  async function until(holds: () => boolean, timeoutMs = 5000) {
    const deadline = performance.now() + timeoutMs
    while (!holds()) {
      if (performance.now() > deadline)
        throw new Error(`not in ${timeoutMs} ms:\n${stderr}\n${stdout.slice(-2000)}`)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }
  return {
    child,
    folder,
    stdout: () => stdout,
    stderr: () => stderr,
    lines,
    ended: end,
    until,
    async port(timeoutMs = 10_000) {
      await until(() => ended || stdout.includes('server_started'), timeoutMs)
      const started = lines().find(({ event }) => event === 'server_started')
      if (!started) throw new Error(`it ended without listening:\n${stderr}`)
      return Number(started.port)
    },
  }
}

/** Runs it to its end. */
export async function runToEnd(env: Record<string, string> = {}, args: string[] = [], timeoutMs = 8000) {
  const program = runProgram(env, args)
  const late = new Promise<'still running'>(resolve => {
    const timer = setTimeout(resolve, timeoutMs, 'still running')
    onTestFinished(() => clearTimeout(timer))
  })
  const ended = await Promise.race([program.ended, late])
  return {
    code: ended === 'still running' ? ended : ended.code,
    stdout: program.stdout(),
    stderr: program.stderr(),
    folder: program.folder,
  }
}
