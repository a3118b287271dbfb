/** Releases and campaigns on the wire. Times RFC 3339 UTC; a rate is a share from 0 to 1, null where there is no data. */
import { z } from 'zod'
import { ecuNames, hardwareRevisions } from '../../vehicle/equipment.ts'
import { updateReasons, updateStates } from '../../vehicle/update-states.ts'
import { settingsShape, targetShape, versionText, windowShape } from './settings.ts'

const time = z.iso.datetime()
const count = z.int().min(0)
const percent = z.number().min(0).max(100)
const rate = z.number().min(0).max(1).nullable()
const reason = z.enum(updateReasons)

export const campaignStates = [
  'draft',
  'approved',
  'running',
  'paused',
  'aborting',
  'finished',
  'aborted',
] as const
export type CampaignState = (typeof campaignStates)[number]
export const outcomes = ['completed', 'empty', 'deadline', 'aborted'] as const
export type CampaignOutcome = (typeof outcomes)[number]
export const waveStates = ['waiting', 'running', 'soaking', 'done'] as const
export type WaveState = (typeof waveStates)[number]
export const pauseRules = ['error_threshold', 'success_threshold', 'bad_signature', 'manual'] as const
export type PauseRule = (typeof pauseRules)[number]

const simulationShape = z
  .strictObject({
    download_failure_percent: percent.optional(),
    install_failure_percent: percent.optional(),
    self_test_failure_percent: percent.optional(),
    rollback_failure_percent: percent.optional(),
    silence_percent: percent.optional(),
    hardware: z.enum(hardwareRevisions).optional(),
  })
  .meta({ description: 'SIMULATED: how often simulated vehicles fail with this release' })

export const releaseRequest = z.strictObject({
  version: versionText,
  requires_firmware: versionText.nullable().default(null),
  ecus: z
    .array(z.enum(ecuNames))
    .min(1)
    .max(ecuNames.length)
    .default([...ecuNames]),
  hardware: z
    .array(z.enum(hardwareRevisions))
    .min(1)
    .max(2)
    .default([...hardwareRevisions]),
  release_counter: z.int().min(1).max(1_000_000_000).optional().meta({ description: 'One above all before' }),
  allow_lower_counter: z.boolean().default(false).meta({
    description: 'For a demonstration: no vehicle that is beyond such a release is offered it',
  }),
  tamper: z
    .literal('signature')
    .optional()
    .meta({ description: 'For a demonstration: a signature that does not verify' }),
  simulation: simulationShape.optional(),
})

export const releaseShape = z.object({
  version: z.string(),
  release_counter: count,
  requires_firmware: z.string().nullable(),
  artifacts: z.array(
    z.object({
      ecu: z.enum(ecuNames),
      hardware: z.array(z.enum(hardwareRevisions)),
      version: z.string(),
      size_bytes: count,
      sha256: z.string(),
    }),
  ),
  signature: z.string().meta({ description: 'ed25519 over the manifest as canonical JSON, base64url' }),
  tampered: z.boolean().meta({ description: 'The signature was made wrong on purpose' }),
  simulation: simulationShape.nullable(),
  created_at: time,
  created_by: z.string(),
})
export const releasesReply = z.object({ releases: z.array(releaseShape) })

export const previewRequest = z.strictObject({
  release_version: versionText,
  target: targetShape.default({}),
  battery_floor_percent: percent.default(50),
  window: windowShape.nullable().default(null),
})
export const previewReply = z.object({
  at: time,
  release_version: z.string(),
  matching: count,
  eligible: count.meta({ description: 'Could be updated right now' }),
  permanent: count.meta({ description: 'Excluded for good' }),
  temporary: count.meta({ description: 'Blocked now, tried again while the campaign runs' }),
  excluded: z.array(
    z.object({
      reason,
      lasting: z.enum(['permanent', 'temporary']),
      vehicles: count,
      examples: z.array(z.string()).max(5),
    }),
  ),
})

export const campaignRequest = settingsShape.extend({
  name: z.string().trim().min(1).max(80),
  release_version: versionText,
  target: targetShape.default({}),
})
export const resumeRequest = z.strictObject({
  release_version: versionText
    .optional()
    .meta({ description: 'Goes on with this corrected release, from the first wave' }),
  retry_failed: z.boolean().default(false).meta({ description: 'What failed or rolled back is tried again' }),
})
/** Approve, start, pause and abort need no more than the id. */
export const campaignIdParam = z.object({ id: z.uuid() })
export const updateParams = z.object({ id: z.uuid(), update_id: z.uuid() })

export const pauseShape = z.object({
  at: time,
  rule: z.enum(pauseRules),
  detail: z.string(),
  settled: count,
  failed: count,
  time_to_detect_ms: count.nullable().meta({ description: 'From the first failure to the pause' }),
  blast_radius: count.meta({
    description: 'Vehicles that ran, installed or failed with the release when it was paused',
  }),
  resumed_at: time.nullable(),
  resumed_by: z.string().nullable(),
})
export const waveShape = z.object({
  wave: count.meta({ description: 'From 1' }),
  planned: count,
  settled: count,
  succeeded: count,
  failed: count,
  blocked: count,
  state: z.enum(waveStates),
  started_at: time.nullable(),
  finished_at: time.nullable(),
})
export const completionPoint = z.object({ at: time, settled: count, succeeded: count })

/** A campaign with its progress; the live topic has the newest ten of these, the lists too. */
export const campaignShape = z.object({
  id: z.uuid(),
  name: z.string(),
  release_version: z.string(),
  state: z.enum(campaignStates),
  outcome: z.enum(outcomes).nullable().meta({ description: 'empty: there was no vehicle to update' }),
  current_wave: count.meta({ description: '0: not started' }),
  planned: count,
  waves: z.array(waveShape),
  by_state: z.partialRecord(z.enum(updateStates), count),
  blocked: z.partialRecord(reason, count).meta({ description: 'Not failed: waiting, by reason' }),
  ineligible: z.partialRecord(reason, count).meta({ description: 'Excluded for good, by reason' }),
  reach: rate.meta({ description: 'Vehicles that were offered the release, of all planned' }),
  eligibility_rate: rate.meta({ description: 'Vehicles that passed the checks, of those that were checked' }),
  success_rate: rate.meta({ description: 'succeeded ÷ (succeeded + failed), as vehicles stand now' }),
  first_attempt_success_rate: rate,
  rollback_rate: rate.meta({ description: 'Attempts that rolled back, of all that ended' }),
  pause: pauseShape.nullable().meta({ description: 'The newest pause' }),
  created_at: time,
  started_at: time.nullable(),
  finished_at: time.nullable(),
  deadline_at: time.nullable(),
  completion: z.array(completionPoint).max(60),
})
export const campaignsReply = z.object({ campaigns: z.array(campaignShape) })

export const campaignDetail = campaignShape.extend({
  target: targetShape,
  settings: z.object(settingsShape.shape).meta({ description: 'As asked for, and what holds by itself' }),
  created_by: z.string(),
  approved_at: time.nullable(),
  approved_by: z.string().nullable(),
  pauses: z.array(pauseShape),
  completion: z.array(completionPoint).max(200),
})
/** What a change answers. */
export const campaignChanged = z.object({
  id: z.uuid(),
  state: z.enum(campaignStates),
  outcome: z.enum(outcomes).nullable(),
})

export const updatesQuery = z.object({
  state: z.enum(updateStates).optional(),
  wave: z.coerce.number().int().min(1).max(10).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.coerce.number().int().min(0).default(0).meta({ description: 'The `next` of the page before' }),
})
export const updateShape = z.object({
  update_id: z.uuid(),
  vehicle: z.string(),
  wave: count,
  state: z.enum(updateStates),
  reason: reason.nullable().meta({ description: 'Why it is in this state, or is blocked' }),
  attempt: count.meta({ description: 'Offers that were made' }),
  progress: percent.nullable(),
  release_version: z.string(),
  since: time,
  settled_at: time.nullable(),
})
export const updatesReply = z.object({ updates: z.array(updateShape), next: count.nullable() })

export const transitionShape = z.object({
  from: z.enum(updateStates).nullable(),
  to: z.enum(updateStates),
  at: time,
  reason: reason.nullable(),
  attempt: count,
  actor: z.string().meta({ description: 'server, vehicle, or who presented' }),
})
export const transitionsReply = z.object({
  update: updateShape,
  transitions: z.array(transitionShape).max(1000),
})
export const exportQuery = z.object({ format: z.enum(['json', 'csv']).default('json') })

/** The live topic `campaigns`. */
export const campaignsFrame = z.object({
  at: time,
  latest_release: z.object({ version: z.string(), release_counter: count, created_at: time }).nullable(),
  campaigns: z.array(campaignShape).max(10),
})

export type CampaignsFrame = z.output<typeof campaignsFrame>
export type CampaignShape = z.output<typeof campaignShape>
export type CampaignDetail = z.output<typeof campaignDetail>
export type CampaignRequest = z.output<typeof campaignRequest>
export type ReleaseRequest = z.output<typeof releaseRequest>
export type ReleaseShape = z.output<typeof releaseShape>
export type PreviewRequest = z.output<typeof previewRequest>
export type PreviewReply = z.output<typeof previewReply>
export type PauseShape = z.output<typeof pauseShape>
export type UpdateShape = z.output<typeof updateShape>
export type UpdatesReply = z.output<typeof updatesReply>
export type TransitionShape = z.output<typeof transitionShape>
