/** Where a run of the loop keeps its things, and what its commands are told. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Running } from '../deploy-gate/look.ts'
import type { Engine, Options } from './options.ts'

export interface Places {
  root: string
  data: string
  url: string
  /** Of the server. */
  logFile: string
  env: NodeJS.ProcessEnv
}

/** @param root the project's folder */
export function placesOf(
  root: string,
  { data, port }: Options,
  engine: Engine,
  shell: NodeJS.ProcessEnv,
): Places {
  const folder = resolve(root, data)
  const logFile = join(folder, 'logs/license-server.log')
  const native = {
    STACK_DATA: join(folder, 'stack'),
    LOG_FILE: logFile,
    LICENSE_DB_PATH: join(folder, 'licenses.db'),
    SKIP_BUILD: '1',
  }
  const compose = { APP_COMMIT: gitLog(root, '%h'), APP_COMMITTED_AT: gitLog(root, '%cI') }
  const env = { ...shell, APP_PORT: String(port), ...(engine === 'native' ? native : compose) }
  return { root, data: folder, url: `http://localhost:${port}`, logFile, env }
}

/** What of the newest commit `format` asks for; empty where there is no history. */
function gitLog(root: string, format: string): string {
  try {
    const args = ['log', '-1', '--abbrev=12', `--format=${format}`]
    return execFileSync('git', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim()
  } catch {
    return ''
  }
}

/** What has to run after the start: what was built. */
export function builtRelease({ root, env }: Places, engine: Engine): Running {
  const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'))
  const commit = engine === 'native' ? read('dist/build-info.json').commit : env.APP_COMMIT || 'unknown'
  return { version: read('package.json').version, commit }
}
