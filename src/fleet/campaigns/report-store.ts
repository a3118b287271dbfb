/** Every query about releases and campaigns that only reads: for pages, lists and metrics. */
import { asc, desc, eq, getTableColumns } from 'drizzle-orm'
import type { Db } from '../../db/open.ts'
import type { UpdateReason, UpdateState } from '../../vehicle/update-states.ts'
import {
  type Campaign,
  type CampaignPause,
  type CampaignWave,
  campaignPauses,
  campaigns,
  campaignWaves,
  type Release,
  releases,
} from './schema.ts'
import type { UpdateOutcome } from './transitions.ts'

export interface Tally {
  wave: number
  state: UpdateState
  blocked: UpdateReason | null
  outcome: UpdateOutcome | null
  updates: number
}
/** Counts of the updates of one campaign. */
export interface Sums {
  offered: number
  /** Offered, blocked or excluded. */
  checked: number
  endings: number
  rollbacks: number
  /** Succeeded without a failed attempt. */
  firstSucceeded: number
  lastSettledAt: number | null
}
export interface SettledStep {
  bucket: number
  settled: number
  succeeded: number
}
export type CampaignRow = Campaign & { releaseVersion: string }

export type ReportStore = ReturnType<typeof createReportStore>

export function createReportStore(db: Db) {
  const { $client: client } = db
  const query = <R>(text: string) => client.prepare<unknown[], R>(text)
  const withRelease = () =>
    db
      .select({ ...getTableColumns(campaigns), releaseVersion: releases.version })
      .from(campaigns)
      .innerJoin(releases, eq(releases.row, campaigns.release))

  const tallies = query<Tally>(
    `SELECT wave, state, blocked, outcome, count(*) AS updates FROM vehicle_updates
     WHERE campaign = ? GROUP BY wave, state, blocked, outcome`,
  )
  const ineligible = query<{ reason: UpdateReason | null; updates: number }>(
    `SELECT reason, count(*) AS updates FROM vehicle_updates
     WHERE campaign = ? AND state = 'INELIGIBLE' GROUP BY reason`,
  )
  const sums = query<Sums>(
    `SELECT coalesce(sum(attempt > 0), 0) AS offered,
       coalesce(sum(attempt > 0 OR blocked IS NOT NULL OR state = 'INELIGIBLE'), 0) AS checked,
       coalesce(sum(endings), 0) AS endings, coalesce(sum(rollbacks), 0) AS rollbacks,
       coalesce(sum(outcome = 'succeeded' AND failures = 0), 0) AS firstSucceeded,
       max(settled_at) AS lastSettledAt
     FROM vehicle_updates WHERE campaign = ?`,
  )
  const steps = query<SettledStep>(
    `SELECT min(@buckets - 1, max(0, (settled_at - @from) * @buckets / @spanMs)) AS bucket, count(*) AS settled,
       sum(outcome = 'succeeded') AS succeeded
     FROM vehicle_updates WHERE campaign = @campaign AND settled_at IS NOT NULL GROUP BY bucket ORDER BY bucket`,
  )
  const live = `(SELECT row FROM campaigns WHERE state IN ('running', 'paused', 'aborting'))`
  const liveStates = query<{ state: UpdateState; updates: number }>(
    `SELECT state, count(*) AS updates FROM vehicle_updates WHERE campaign IN ${live} GROUP BY state`,
  )
  const liveBlocked = query<{ reason: UpdateReason; updates: number }>(
    `SELECT blocked AS reason, count(*) AS updates FROM vehicle_updates
     WHERE campaign IN ${live} AND blocked IS NOT NULL GROUP BY blocked`,
  )
  const states = query<{ state: Campaign['state']; campaigns: number }>(
    'SELECT state, count(*) AS campaigns FROM campaigns GROUP BY state',
  )
  const newestPause = query<{ blastRadius: number; timeToDetectMs: number | null }>(
    `SELECT blast_radius AS blastRadius, time_to_detect_ms AS timeToDetectMs FROM campaign_pauses
     WHERE rule <> 'manual' ORDER BY row DESC LIMIT 1`,
  )

  return {
    /** Newest first. */
    releases: (limit: number): Release[] =>
      db.select().from(releases).orderBy(desc(releases.row)).limit(limit).all(),
    release: (version: string): Release | undefined =>
      db.select().from(releases).where(eq(releases.version, version)).get(),
    /** Newest first. */
    campaigns: (limit: number): CampaignRow[] =>
      withRelease().orderBy(desc(campaigns.row)).limit(limit).all(),
    campaign: (id: string): CampaignRow | undefined => withRelease().where(eq(campaigns.id, id)).get(),
    waves: (campaign: number): CampaignWave[] =>
      db
        .select()
        .from(campaignWaves)
        .where(eq(campaignWaves.campaign, campaign))
        .orderBy(asc(campaignWaves.wave))
        .all(),
    /** Newest first. */
    pauses: (campaign: number, limit: number): CampaignPause[] =>
      db
        .select()
        .from(campaignPauses)
        .where(eq(campaignPauses.campaign, campaign))
        .orderBy(desc(campaignPauses.row))
        .limit(limit)
        .all(),
    tallies: (campaign: number) => tallies.all(campaign),
    ineligible: (campaign: number) => ineligible.all(campaign),
    sums: (campaign: number): Sums => sums.get(campaign) as Sums,
    /** How many settled in each of equal pieces of a time. */
    steps: (of: { campaign: number; from: number; spanMs: number; buckets: number }) => steps.all(of),
    liveStates: () => liveStates.all(),
    liveBlocked: () => liveBlocked.all(),
    states: () => states.all(),
    newestPause: () => newestPause.get(),
  }
}
