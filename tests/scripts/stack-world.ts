/** A stack of its own: a temporary folder, free ports, programs that only look like the real ones. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { readState, type StackState } from '../../scripts/stack/state.ts'
import { temporaryFolder } from '../support/world.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Ports that nobody listens on now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  const ports = servers.map(async server => {
    await new Promise(resolve => server.once('listening', resolve))
    const address = server.address()
    return typeof address === 'object' && address ? address.port : 0
  })
  const found = await Promise.all(ports)
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return found
}

/** Writes a program into `folder/bin`. @returns its path */
export function writeProgram(folder: string, name: string, text = '#!/bin/sh\n'): string {
  const path = join(folder, 'bin', name)
  mkdirSync(join(folder, 'bin'), { recursive: true })
  writeFileSync(path, text)
  chmodSync(path, 0o755)
  return path
}

/** A program that listens where Prometheus would, says it is ready, and does `extra`. */
export const likePrometheus = (extra = '') => `#!${process.execPath}
const port = Number(process.argv.join(' ').match(/--web.listen-address=127.0.0.1:(\\d+)/)[1])
require('node:http').createServer((_, res) => res.end('Prometheus Server is Ready.')).listen(port, '127.0.0.1')
process.stderr.write('it listens\\n')
${extra}
`

export interface Terminal {
  child: ChildProcess
  output(): string
  exited: Promise<number | null>
}

export interface StackWorld {
  folder: string
  ports: { app: number; prometheus: number; alertmanager: number }
  state(): StackState | null
  log(name: string): string
  /** Runs `npm run stack -- …`, as npm does. */
  run(args: string[], env?: Record<string, string>): Terminal
}

export async function createStackWorld(): Promise<StackWorld> {
  const folder = temporaryFolder()
  const [app = 0, prometheus = 0, alertmanager = 0] = await freePorts(3)
  const base = {
    PATH: process.env.PATH,
    STACK_DATA: join(folder, 'stack'),
    LICENSE_DB_PATH: join(folder, 'licenses.db'),
    LOG_FILE: join(folder, 'logs/license-server.log'),
    APP_PORT: String(app),
    PROMETHEUS_PORT: String(prometheus),
    ALERTMANAGER_PORT: String(alertmanager),
    SKIP_BUILD: '1',
  }
  function run(args: string[], env: Record<string, string> = {}): Terminal {
    const command = ['--import', 'tsx', 'scripts/stack.ts', ...args]
    const child = spawn(process.execPath, command, { cwd: root, env: { ...base, ...env } })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', part => {
        output += part
      })
    const exited = new Promise<number | null>(resolve => child.once('close', code => resolve(code)))
    return { child, output: () => output, exited }
  }
  onTestFinished(async () => {
    await run(['down']).exited
  })
  return {
    folder,
    ports: { app, prometheus, alertmanager },
    state: () => readState(join(folder, 'stack/stack.json')),
    log: name => readFileSync(join(folder, 'stack/logs', `${name}.log`), 'utf8'),
    run,
  }
}
