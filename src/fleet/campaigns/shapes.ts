/** Rows as they go over the wire. */
import { rfc3339 } from '../../shared/clock.ts'
import type { UpdateReason } from '../../vehicle/update-states.ts'
import type { CampaignShape, PauseShape, ReleaseShape, TransitionShape, UpdateShape } from './api.ts'
import type { CampaignRow, SettledStep, Sums, Tally } from './report-store.ts'
import type { CampaignPause, CampaignWave, Release, Transition } from './schema.ts'
import type { UpdateLine } from './update-report-store.ts'

export const timeOrNull = (at: number | null): string | null => (at === null ? null : rfc3339(at))

export const releaseShape = ({ manifest, signature, ...release }: Release): ReleaseShape => ({
  version: manifest.version,
  release_counter: manifest.release_counter,
  requires_firmware: manifest.requires_firmware,
  artifacts: manifest.artifacts,
  signature,
  tampered: release.isTampered,
  simulation: release.simulation ?? null,
  created_at: rfc3339(release.createdAt),
  created_by: release.createdBy,
})

export const pauseShape = (pause: CampaignPause): PauseShape => ({
  at: rfc3339(pause.at),
  rule: pause.rule,
  detail: pause.detail,
  settled: pause.settled,
  failed: pause.failed,
  time_to_detect_ms: pause.timeToDetectMs,
  blast_radius: pause.blastRadius,
  resumed_at: timeOrNull(pause.resumedAt),
  resumed_by: pause.resumedBy,
})

export const updateShape = (update: UpdateLine): UpdateShape => ({
  update_id: update.updateId,
  vehicle: update.vehicle,
  wave: update.wave,
  state: update.state,
  reason: update.blocked ?? update.reason,
  attempt: update.attempt,
  progress: update.progress,
  release_version: update.releaseVersion,
  since: rfc3339(update.since),
  settled_at: timeOrNull(update.settledAt),
})

export const transitionShape = (step: Transition): TransitionShape => ({
  from: step.from,
  to: step.to,
  at: rfc3339(step.at),
  reason: step.reason,
  attempt: step.attempt,
  actor: step.actor,
})

export interface CampaignNumbers {
  campaign: CampaignRow
  waves: CampaignWave[]
  tallies: Tally[]
  ineligible: { reason: UpdateReason | null; updates: number }[]
  sums: Sums
  pause: CampaignPause | undefined
  completion: CampaignShape['completion']
}

const share = (part: number, whole: number) => (whole === 0 ? null : Math.min(1, part / whole))

export function campaignShape(numbers: CampaignNumbers): CampaignShape {
  const { campaign, waves, tallies, ineligible, sums, pause, completion } = numbers
  const total = (matches: (tally: Tally) => boolean) =>
    tallies.reduce((sum, tally) => sum + (matches(tally) ? tally.updates : 0), 0)
  const planned = total(() => true)
  const succeeded = total(({ outcome }) => outcome === 'succeeded')
  const ended = succeeded + total(({ outcome }) => outcome === 'failed')
  return {
    id: campaign.id,
    name: campaign.name,
    release_version: campaign.releaseVersion,
    state: campaign.state,
    outcome: campaign.outcome,
    current_wave: campaign.currentWave,
    planned,
    waves: waves.map(wave => waveShape(wave, matches => total(of => of.wave === wave.wave && matches(of)))),
    by_state: grouped(tallies, ({ state }) => state),
    blocked: grouped(tallies, ({ blocked }) => blocked),
    ineligible: grouped(ineligible, ({ reason }) => reason),
    reach: share(sums.offered, planned),
    eligibility_rate: share(sums.offered, sums.checked),
    success_rate: share(succeeded, ended),
    first_attempt_success_rate: share(sums.firstSucceeded, ended),
    rollback_rate: share(sums.rollbacks, sums.endings),
    pause: pause ? pauseShape(pause) : null,
    created_at: rfc3339(campaign.createdAt),
    started_at: timeOrNull(campaign.startedAt),
    finished_at: timeOrNull(campaign.finishedAt),
    deadline_at: timeOrNull(campaign.deadlineAt),
    completion,
  }
}

function waveShape(
  { wave, planned, state, startedAt, finishedAt }: CampaignWave,
  total: (matches: (tally: Tally) => boolean) => number,
): CampaignShape['waves'][number] {
  return {
    wave,
    planned,
    settled: total(({ outcome }) => outcome !== null),
    succeeded: total(({ outcome }) => outcome === 'succeeded'),
    failed: total(({ outcome }) => outcome === 'failed'),
    blocked: total(({ blocked }) => blocked !== null),
    state,
    started_at: timeOrNull(startedAt),
    finished_at: timeOrNull(finishedAt),
  }
}

function grouped<K extends string, R extends { updates: number }>(
  rows: R[],
  keyOf: (row: R) => K | null,
): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {}
  for (const row of rows) {
    const key = keyOf(row)
    if (key !== null) counts[key] = (counts[key] ?? 0) + row.updates
  }
  return counts
}

/** The completion curve: from nothing at the start, a point for each piece of time in which something settled. */
export function completionOf(
  steps: SettledStep[],
  { from, spanMs, buckets }: { from: number; spanMs: number; buckets: number },
): CampaignShape['completion'] {
  const points = [{ at: rfc3339(from), settled: 0, succeeded: 0 }]
  let settled = 0
  let succeeded = 0
  for (const step of steps) {
    settled += step.settled
    succeeded += step.succeeded
    const at = from + Math.ceil((spanMs * (step.bucket + 1)) / buckets)
    points.push({ at: rfc3339(at), settled, succeeded })
  }
  return points
}
