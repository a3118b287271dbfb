/** What the estate says of itself on `estate/fault` and `estate/stage`, as JSON. Times are Unix ms. */
import { z } from 'zod'
import { resourceKinds } from './topics.ts'

/** What the generator breaks. A closed set. */
export const faultKinds = [
  'cpu_saturation',
  'memory_leak',
  'disk_filling',
  'error_burst',
  'latency_regression',
  'crash_loop',
  'silence',
] as const
export type FaultKind = (typeof faultKinds)[number]

/** Said when it begins, and again with its end. */
export const faultNotice = z.object({
  id: z.string().min(1).max(80),
  kind: z.enum(faultKinds),
  resource_kind: z.enum(resourceKinds),
  /** The server, the container, or for a service its name: all its instances (of `version`, if that is said). */
  resource: z.string().min(1).max(64),
  version: z.string().max(64).nullable().default(null),
  started_at: z.int(),
  ended_at: z.int().nullable(),
})
export type FaultNotice = z.output<typeof faultNotice>

export const stageNames = ['generator', 'ingest', 'transform', 'analytics'] as const
export type StageName = (typeof stageNames)[number]

/** Every five seconds from each stage that runs, and at once when it fails or recovers. */
export const stageReport = z.object({
  stage: z.enum(stageNames),
  /** Of the process, where several run. */
  instance: z.string().min(1).max(40),
  at: z.int(),
  started_at: z.int(),
  /** What it has dealt with since it started: samples. */
  done: z.int().min(0),
  failed: z.int().min(0),
  dead_letters: z.int().min(0),
  /** Samples or objects that wait. */
  waiting: z.int().min(0),
  /** How old the oldest of those is, in seconds. */
  lag_seconds: z.number().min(0),
  last_success_at: z.int().nullable(),
  /** Why it cannot go on now; null: it can. */
  problem: z.string().max(200).nullable(),
})
export type StageReport = z.output<typeof stageReport>
/** Who has said nothing for so long has stopped. */
export const STAGE_SILENT_MS = 15_000
export const STAGE_EVERY_MS = 5000

/** What a message says by a schema; null: it is no such notice. */
export function readNotice<S extends z.ZodType>(schema: S, text: string): z.output<S> | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
