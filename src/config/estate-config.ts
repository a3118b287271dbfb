import { dirname, join, resolve } from 'node:path'
import { type LakeConfig, readLakeUrl } from './lake-url.ts'

const HOUR_MS = 3600_000
const DAY_MS = 24 * HOUR_MS

export interface SimulatedEstate {
  /** 0: nothing is simulated. */
  servers: number
  intervalSeconds: number
  historyDays: number
  seed: number
  faultsPerDay: number
}

export interface EstateConfig {
  dbPath: string
  lake: LakeConfig
  lakeKeepMs: number
  rawKeepMs: number
  /** What of the pipeline runs in this process. */
  stages: readonly string[]
  simulated: SimulatedEstate
  /** Whether the machine that this process runs on is measured. */
  host: boolean
  /** Of a stage in a process of its own. */
  alone: {
    /** Which of several; null: the only one. */
    name: string | null
    /** Where it answers; null: nowhere. */
    port: number | null
  }
}

/** The variables as they were read; null: not set, or not valid, which was told. */
export interface EstateValues {
  ESTATE_SERVERS: number | null
  ESTATE_INTERVAL: number | null
  ESTATE_HISTORY_DAYS: number | null
  ESTATE_SEED: number | null
  ESTATE_FAULTS_PER_DAY: number | null
  ESTATE_HOST: 'on' | 'off' | null
  ESTATE_STAGES: string[] | null
  ESTATE_STAGE_NAME: string | null
  ESTATE_STAGE_PORT: number | null
  ESTATE_DB_PATH: string | null
  ESTATE_RAW_KEEP_HOURS: number | null
  LAKE_URL: string | null
  LAKE_KEEP_DAYS: number | null
  AWS_ENDPOINT_URL_S3: string | null
  AWS_REGION: string | null
  AWS_ACCESS_KEY_ID: string | null
  AWS_SECRET_ACCESS_KEY: string | null
}

/**
 * @param others databases of other features, by their variable
 * @param tell told of each problem
 */
export function decideEstate(
  values: EstateValues,
  others: Record<'LICENSE_DB_PATH' | 'FLEET_DB_PATH', string>,
  tell: (problem: string) => void,
): EstateConfig {
  const folder = dirname(others.LICENSE_DB_PATH)
  const dbPath = values.ESTATE_DB_PATH ?? join(folder, 'estate.db')
  for (const [variable, path] of Object.entries(others))
    if (path !== '' && resolve(path) === resolve(dbPath)) tell(`ESTATE_DB_PATH: must differ from ${variable}`)
  return {
    dbPath,
    lake: decideLake(values, join(dirname(dbPath), 'lake'), tell),
    lakeKeepMs: (values.LAKE_KEEP_DAYS ?? 0) * DAY_MS,
    rawKeepMs: (values.ESTATE_RAW_KEEP_HOURS ?? 0) * HOUR_MS,
    stages: values.ESTATE_STAGES ?? [],
    simulated: {
      servers: values.ESTATE_SERVERS ?? 0,
      intervalSeconds: values.ESTATE_INTERVAL ?? 0,
      historyDays: values.ESTATE_HISTORY_DAYS ?? 0,
      seed: values.ESTATE_SEED ?? 0,
      faultsPerDay: values.ESTATE_FAULTS_PER_DAY ?? 0,
    },
    host: values.ESTATE_HOST === 'on',
    alone: { name: values.ESTATE_STAGE_NAME, port: values.ESTATE_STAGE_PORT },
  }
}

function decideLake(values: EstateValues, preset: string, tell: (problem: string) => void): LakeConfig {
  const read = values.LAKE_URL === null ? null : readLakeUrl(values.LAKE_URL, values)
  if (read && 'settings' in read) return read.settings
  for (const problem of read?.problems ?? []) tell(problem)
  return { kind: 'directory', folder: preset }
}
