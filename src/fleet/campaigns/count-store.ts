/** What the writer counts to decide how a campaign goes on, out of indexes. */
import type { Db } from '../../db/open.ts'
import type { UpdateReason, UpdateState } from '../../vehicle/update-states.ts'
import { installingStates } from './transitions.ts'

export interface WaveCounts {
  wave: number
  planned: number
  settled: number
  /** Waiting for better conditions. */
  blocked: number
  /** Neither waiting to be offered nor settled. */
  underWay: number
  installing: number
  /** Of those settled in this round. */
  succeeded: number
  failed: number
}

export interface FailureCount {
  state: UpdateState
  reason: UpdateReason | null
  updates: number
}

export interface CountStore {
  /** @param round only endings of this one count as succeeded and failed */
  waveCounts(campaign: number, round: number): WaveCounts[]
  firstFailureAt(campaign: number, round: number): number | null
  /** Vehicles that run, install or failed with a release of a campaign. */
  touched(campaign: number, release: number): number
  /** The most frequent failures of a round. */
  failureCounts(campaign: number, round: number): FailureCount[]
  /** As the vehicles of a campaign stand now. */
  endings(campaign: number): { succeeded: number; failed: number }
}

const installing = installingStates.map(state => `'${state}'`).join(', ')

export function createCountStore({ $client: client }: Db): CountStore {
  const waveCounts = client.prepare<unknown[], WaveCounts>(
    `SELECT wave, sum(n) AS planned,
       coalesce(sum(n) FILTER (WHERE outcome IS NOT NULL), 0) AS settled,
       coalesce(sum(n) FILTER (WHERE blocked IS NOT NULL AND state IN ('SCHEDULED', 'RETRY_WAIT')), 0) AS blocked,
       coalesce(sum(n) FILTER (WHERE outcome IS NULL AND state <> 'SCHEDULED'), 0) AS underWay,
       coalesce(sum(n) FILTER (WHERE state IN (${installing})), 0) AS installing,
       coalesce(sum(n) FILTER (WHERE outcome = 'succeeded' AND settled_round = @round), 0) AS succeeded,
       coalesce(sum(n) FILTER (WHERE outcome = 'failed' AND settled_round = @round), 0) AS failed
     FROM (SELECT wave, state, blocked, outcome, settled_round, count(*) AS n FROM vehicle_updates
           WHERE campaign = @campaign GROUP BY wave, state, blocked, outcome, settled_round)
     GROUP BY wave ORDER BY wave`,
  )
  const firstFailure = client
    .prepare<unknown[], number | null>(
      `SELECT min(settled_at) FROM vehicle_updates
       WHERE campaign = ? AND settled_at IS NOT NULL AND outcome = 'failed' AND settled_round = ?`,
    )
    .pluck()
  const touched = client
    .prepare<unknown[], number>(
      `SELECT count(*) FROM vehicle_updates WHERE campaign = ? AND release = ?
       AND (outcome IN ('succeeded', 'failed') OR state IN (${installing}))`,
    )
    .pluck()
  const failureCounts = client.prepare<unknown[], FailureCount>(
    `SELECT state, reason, count(*) AS updates FROM vehicle_updates
     WHERE campaign = ? AND settled_at IS NOT NULL AND outcome = 'failed' AND settled_round = ?
     GROUP BY state, reason ORDER BY updates DESC, state LIMIT 3`,
  )
  const endings = client.prepare<unknown[], { succeeded: number; failed: number }>(
    `SELECT coalesce(sum(outcome = 'succeeded'), 0) AS succeeded, coalesce(sum(outcome = 'failed'), 0) AS failed
     FROM vehicle_updates WHERE campaign = ? AND settled_at IS NOT NULL`,
  )
  return {
    waveCounts: (campaign, round) => waveCounts.all({ campaign, round }),
    firstFailureAt: (campaign, round) => firstFailure.get(campaign, round) ?? null,
    touched: (campaign, release) => touched.get(campaign, release) ?? 0,
    failureCounts: (campaign, round) => failureCounts.all(campaign, round),
    endings: campaign => endings.get(campaign) ?? { succeeded: 0, failed: 0 },
  }
}
