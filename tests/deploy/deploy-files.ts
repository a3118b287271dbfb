/** The files by which the app is shipped, parsed. */
import { join } from 'node:path'
import { parse } from 'smol-toml'
import { readDockerfile, type Stage } from '../../scripts/prove-image/dockerfile.ts'
import { root, textOf } from '../stack/stack-files.ts'

export { root, textOf, yamlOf } from '../stack/stack-files.ts'

export const dockerfile = textOf('Dockerfile')

/** @param args the values of `--build-arg` */
export const stagesOf = (args?: Record<string, string>): Stage[] => readDockerfile(dockerfile, args)

/** The stage that runs. */
export function lastStage(args?: Record<string, string>): Stage {
  const stage = stagesOf(args).at(-1)
  if (!stage) throw new Error('the Dockerfile has no FROM')
  return stage
}

export const pathOf = (file: string): string => join(root, file)

interface Check {
  method: string
  path: string
  interval: string
  timeout: string
  grace_period: string
}

export interface FlyFile {
  app: string
  primary_region: string
  kill_signal: string
  kill_timeout: number
  build: { dockerfile: string }
  deploy: { strategy: string; wait_timeout: string }
  env: Record<string, string>
  mounts: { source: string; destination: string }[]
  http_service: {
    internal_port: number
    force_https: boolean
    auto_stop_machines: string
    auto_start_machines: boolean
    min_machines_running: number
    concurrency: { type: string; soft_limit: number; hard_limit: number }
    checks: Check[]
  }
  metrics: { port: number; path: string }
  vm: { size: string; memory: string }[]
}

export const flyOf = (): FlyFile => parse(textOf('fly.toml')) as unknown as FlyFile
