/** What a campaign is asked to do: the words of its request, with what holds when nothing is said. */
import { z } from 'zod'
import { models, regions } from '../../vehicle/equipment.ts'
import { VERSION } from '../../vehicle/release.ts'
import { VEHICLE_ID } from '../../vehicle/topics.ts'
import { type TimedState, timedStates } from './transitions.ts'

const percent = z.number().min(0).max(100)
const seconds = (preset: number, min = 1) => z.int().min(min).max(86_400).default(preset)
export const versionText = z.string().regex(VERSION, 'must be a version such as 2.1.0')
const hour = z.int().min(0).max(23)

export const targetShape = z
  .strictObject({
    models: z.array(z.enum(models)).min(1).max(models.length).optional(),
    regions: z.array(z.enum(regions)).min(1).max(regions.length).optional(),
    firmware: z.array(versionText).min(1).max(50).optional().meta({ description: 'What runs in them now' }),
    vehicles: z.array(z.string().regex(VEHICLE_ID)).min(1).max(1000).optional(),
  })
  .meta({
    description: 'A vehicle is meant when it matches every list that is given; none given: every vehicle',
  })
export type Target = z.output<typeof targetShape>

export const windowShape = z
  .strictObject({ from_hour: hour, to_hour: hour })
  .meta({ description: 'UTC; from 22 to 4 goes over midnight, from 4 to 4 is the whole day' })
export type Window = z.output<typeof windowShape>

/** How long an update may stay in a state without a sign of the vehicle, in seconds. */
export const presetTimeouts: Record<TimedState, number> = {
  NOTIFIED: 60,
  WAITING_FOR_CONSENT: 3600,
  DOWNLOADING: 900,
  DOWNLOADED: 300,
  WAITING_FOR_PRECONDITIONS: 7200,
  INSTALLING: 600,
  ACTIVATING: 300,
  VERIFYING: 300,
  ROLLING_BACK: 300,
}
const timeouts = z.partialRecord(z.enum(timedStates), z.int().min(1).max(86_400))

export const settingsShape = z.strictObject({
  waves: z
    .array(percent.gt(0))
    .min(1)
    .max(10)
    .refine(list => Math.abs(list.reduce((sum, part) => sum + part, 0) - 100) < 0.01, 'must add up to 100')
    .default([5, 15, 80])
    .meta({ description: 'Percent of the vehicles in each wave' }),
  success_threshold_percent: percent
    .default(95)
    .meta({ description: 'A wave passes when at least this share of its ended updates succeeded' }),
  error_threshold_percent: percent.default(5).meta({
    description:
      'The campaign pauses when more than this share of the ended updates, or of the minimum sample, failed',
  }),
  minimum_sample: z.int().min(1).max(10_000).nullable().default(null).meta({
    description:
      'Failures are a share of at least so many updates, those that have not ended counted as succeeded; null: 5, or the whole wave if smaller',
  }),
  wave_settled_percent: percent.default(50).meta({
    description:
      'A wave may pass with blocked vehicles left when this share of it is settled; they are tried again',
  }),
  soak_seconds: seconds(30, 0).meta({
    description: 'How long a wave that passed is watched before the next',
  }),
  consent: z.enum(['none', 'ask']).default('none').meta({ description: 'Whether the driver has to agree' }),
  battery_floor_percent: percent.default(50),
  window: windowShape.nullable().default(null),
  download_attempts: z.int().min(1).max(10).default(3),
  install_attempts: z.int().min(1).max(10).default(2),
  backoff_seconds: seconds(10).meta({
    description: 'Before the first retry at most; doubles, with full jitter',
  }),
  backoff_cap_seconds: seconds(300),
  timeout_seconds: timeouts
    .default({})
    .transform(given => ({ ...presetTimeouts, ...given }))
    .meta({ description: 'Silence for longer is a failure; by state' }),
  deadline_hours: z.number().gt(0).max(8760).default(72),
  max_concurrent: z.int().min(1).max(10_000).default(500),
})
export type CampaignSettings = z.output<typeof settingsShape>
