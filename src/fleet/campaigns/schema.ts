/** Releases, campaigns and updates. Times are Unix ms. */
import { integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { ReleaseSimulation } from '../../vehicle/messages.ts'
import type { Manifest } from '../../vehicle/release.ts'
import type { UpdateReason, UpdateState } from '../../vehicle/update-states.ts'
import type { CampaignOutcome, CampaignState, PauseRule, WaveState } from './api.ts'
import type { CampaignSettings, Target } from './settings.ts'
import type { UpdateOutcome } from './transitions.ts'

export const releases = sqliteTable('releases', {
  row: integer().primaryKey(),
  version: text().notNull(),
  releaseCounter: integer('release_counter').notNull(),
  manifest: text({ mode: 'json' }).$type<Manifest>().notNull(),
  signature: text().notNull(),
  /** The signature was made wrong on purpose. */
  isTampered: integer('tampered', { mode: 'boolean' }).notNull(),
  simulation: text({ mode: 'json' }).$type<ReleaseSimulation>(),
  createdAt: integer('created_at').notNull(),
  createdBy: text('created_by').notNull(),
})

export const campaigns = sqliteTable('campaigns', {
  row: integer().primaryKey(),
  id: text().notNull(),
  name: text().notNull(),
  release: integer().notNull(),
  state: text().$type<CampaignState>().notNull(),
  outcome: text().$type<CampaignOutcome>(),
  target: text({ mode: 'json' }).$type<Target>().notNull(),
  settings: text({ mode: 'json' }).$type<CampaignSettings>().notNull(),
  /** From 1; 0: not started. */
  currentWave: integer('current_wave').notNull(),
  /** Grows with each resume: what settled in an earlier round no longer counts for the thresholds. */
  round: integer().notNull(),
  /** Grows with each change of the campaign or one of its updates. */
  revision: integer().notNull(),
  createdAt: integer('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  approvedAt: integer('approved_at'),
  approvedBy: text('approved_by'),
  startedAt: integer('started_at'),
  finishedAt: integer('finished_at'),
  deadlineAt: integer('deadline_at'),
})

export const campaignWaves = sqliteTable(
  'campaign_waves',
  {
    campaign: integer().notNull(),
    wave: integer().notNull(),
    planned: integer().notNull(),
    state: text().$type<WaveState>().notNull(),
    startedAt: integer('started_at'),
    soakUntil: integer('soak_until'),
    finishedAt: integer('finished_at'),
  },
  table => [primaryKey({ columns: [table.campaign, table.wave] })],
)

export const campaignPauses = sqliteTable('campaign_pauses', {
  row: integer().primaryKey(),
  campaign: integer().notNull(),
  at: integer().notNull(),
  rule: text().$type<PauseRule>().notNull(),
  detail: text().notNull(),
  settled: integer().notNull(),
  failed: integer().notNull(),
  timeToDetectMs: integer('time_to_detect_ms'),
  blastRadius: integer('blast_radius').notNull(),
  resumedAt: integer('resumed_at'),
  resumedBy: text('resumed_by'),
})

/** One row a campaign and vehicle: where its update stands. */
export const vehicleUpdates = sqliteTable('vehicle_updates', {
  row: integer().primaryKey(),
  updateId: text('update_id').notNull(),
  campaign: integer().notNull(),
  vehicle: integer().notNull(),
  wave: integer().notNull(),
  release: integer().notNull(),
  state: text().$type<UpdateState>().notNull(),
  /** Why it is in this state. */
  reason: text().$type<UpdateReason>(),
  /** Why it waits for better conditions, if it does. */
  blocked: text().$type<UpdateReason>(),
  /** Offers made, each a new attempt. */
  attempt: integer().notNull(),
  /** The vehicle told how this attempt ended. */
  attemptEnded: integer('attempt_ended', { mode: 'boolean' }).notNull(),
  downloadFailures: integer('download_failures').notNull(),
  installFailures: integer('install_failures').notNull(),
  /** Attempts that ended, failed or rolled back, over all releases. */
  endings: integer().notNull(),
  failures: integer().notNull(),
  rollbacks: integer().notNull(),
  progress: real(),
  since: integer().notNull(),
  /** When its timeout, its next try or its next check is due; null: never. */
  dueAt: integer('due_at'),
  /** When its offer was last sent. */
  offeredAt: integer('offered_at'),
  outcome: text().$type<UpdateOutcome>(),
  settledAt: integer('settled_at'),
  settledRound: integer('settled_round'),
})

/** Every step of every update, append-only. */
export const updateTransitions = sqliteTable('update_transitions', {
  row: integer().primaryKey(),
  updateRow: integer('update_row').notNull(),
  from: text('from_state').$type<UpdateState>(),
  to: text('to_state').$type<UpdateState>().notNull(),
  at: integer().notNull(),
  reason: text().$type<UpdateReason>(),
  attempt: integer().notNull(),
  actor: text().notNull(),
})

export type Release = typeof releases.$inferSelect
export type Campaign = typeof campaigns.$inferSelect
export type CampaignWave = typeof campaignWaves.$inferSelect
export type CampaignPause = typeof campaignPauses.$inferSelect
export type Update = typeof vehicleUpdates.$inferSelect
export type Transition = typeof updateTransitions.$inferSelect
