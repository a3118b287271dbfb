/** The server of the loop and what belongs to it: natively by the stack, or in containers. */
import { execFile } from 'node:child_process'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { presenterLinkIn } from '../stack/presenter-link.ts'
import { isAlive, readState } from '../stack/state.ts'
import { outputOf } from '../stack/versions.ts'
import type { Engine } from './options.ts'
import type { Places } from './places.ts'
import { composeDown, composeLogs } from './plan.ts'

const TAIL_BYTES = 2_000_000
const stackDown = ['npm', 'run', '--silent', 'stack', '--', 'down']

export interface Server {
  /** Whether one from a run before is still there. */
  isThere(): Promise<boolean>
  down: readonly string[]
  howToStop: string
  /** The newest part of its log. */
  logText(): Promise<string>
  /** What runs, one line for each. */
  addresses(): string
}

/** The engine of containers, where it answers. */
export async function engineHere(): Promise<Engine> {
  const answers = await outputOf('docker', ['info', '--format', '{{.ServerVersion}}'], 5000)
  return answers !== null && (await outputOf('docker', ['compose', 'version'])) !== null
    ? 'compose'
    : 'native'
}

export const serverOf = (engine: Engine, places: Places): Server =>
  engine === 'native' ? nativeServer(places) : composeServer(places)

function nativeServer({ data, logFile, url }: Places): Server {
  const folder = join(data, 'stack')
  const state = () => readState(join(folder, 'stack.json'))
  return {
    async isThere() {
      const found = state()
      return found !== null && (await isAlive(found.supervisor))
    },
    down: stackDown,
    howToStop: `STACK_DATA=${folder} ${stackDown.join(' ').replace(' --silent', '')}`,
    logText: async () => tailOf(logFile),
    addresses() {
      const rows = (state()?.rows ?? []).map(
        ({ name, address, standing }) => `  ${name.padEnd(13)} ${address}  ${standing}`,
      )
      const link = presenterLinkIn(join(folder, 'logs/app.log'))
      return [
        ...(rows.length > 0 ? rows : [`  app           ${url}`]),
        ...(link ? [`  presenter     ${link}`] : []),
      ].join('\n')
    },
  }
}

function composeServer({ env, root, url }: Places): Server {
  const [program = '', ...args] = composeLogs
  return {
    // "up" replaces what is there.
    isThere: async () => false,
    down: composeDown,
    howToStop: composeDown.join(' '),
    logText: () =>
      new Promise(resolve => {
        const options = { cwd: root, env, maxBuffer: 100_000_000 }
        execFile(program, args, options, (_error, stdout) => resolve(stdout))
      }),
    addresses: () =>
      [
        `  app           ${url}`,
        `  presenter     its link is in: ${composeLogs.join(' ')}`,
        `  prometheus    http://localhost:${env.PROMETHEUS_PORT ?? 9090}`,
        `  alertmanager  http://localhost:${env.ALERTMANAGER_PORT ?? 9093}`,
        `  loki          http://localhost:${env.LOKI_PORT ?? 3100}`,
        `  grafana       http://localhost:${env.GRAFANA_PORT ?? 3000}`,
      ].join('\n'),
  }
}

function tailOf(path: string): string {
  try {
    const file = openSync(path, 'r')
    const { size } = fstatSync(file)
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES))
    readSync(file, buffer, 0, buffer.length, size - buffer.length)
    closeSync(file)
    return buffer.toString('utf8')
  } catch {
    return ''
  }
}
