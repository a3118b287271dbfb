import type {
  CampaignOutcome,
  CampaignShape,
  CampaignState,
  PauseRule,
} from '../../../fleet/campaigns/api.ts'
import type { UpdateState } from '../../../vehicle/update-states.ts'

export type Group = 'succeeded' | 'active' | 'waiting' | 'rolled' | 'failed' | 'out'

/** In the order in which a bar shows them. */
export const groups: readonly Group[] = ['succeeded', 'active', 'waiting', 'rolled', 'failed', 'out']

const groupOf: Record<UpdateState, Group> = {
  SCHEDULED: 'waiting',
  PRECHECK: 'waiting',
  INELIGIBLE: 'out',
  NOTIFIED: 'active',
  WAITING_FOR_CONSENT: 'active',
  DOWNLOADING: 'active',
  DOWNLOADED: 'active',
  WAITING_FOR_PRECONDITIONS: 'active',
  INSTALLING: 'active',
  ACTIVATING: 'active',
  VERIFYING: 'active',
  SUCCEEDED: 'succeeded',
  ROLLING_BACK: 'rolled',
  ROLLED_BACK: 'rolled',
  FAILED_INCONSISTENT: 'failed',
  FAILED: 'failed',
  REJECTED: 'failed',
  CANCELED: 'out',
  ALREADY_INSTALLED: 'succeeded',
  RETRY_WAIT: 'waiting',
  TIMED_OUT: 'failed',
  SUPERSEDED: 'out',
}

export const updateStateNames = Object.keys(groupOf) as UpdateState[]

/** Every state that some vehicle is in, as the bar has them: by group. */
export function statesOf(
  counts: CampaignShape['by_state'],
): { state: UpdateState; group: Group; count: number }[] {
  const present = updateStateNames
    .map(state => ({ state, group: groupOf[state], count: counts[state] ?? 0 }))
    .filter(({ count }) => count > 0)
  return present.sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group))
}

export const groupOfState = (state: UpdateState): Group => groupOf[state]

export const campaignStateWords: Record<CampaignState, string> = {
  draft: 'Draft',
  approved: 'Approved',
  running: 'Running',
  paused: 'Paused',
  aborting: 'Aborting',
  finished: 'Finished',
  aborted: 'Aborted',
}

export const outcomeWords: Record<CampaignOutcome, string> = {
  completed: 'every wave is done',
  empty: 'there was no vehicle to update',
  deadline: 'its time ran out',
  aborted: 'it was aborted',
}

export const ruleWords: Record<PauseRule, string> = {
  error_threshold: 'Paused by itself: too many updates failed',
  success_threshold: 'Paused by itself: a wave succeeded too seldom',
  bad_signature: 'Paused by itself: vehicles refused the signature',
  manual: 'Paused by the presenter',
}

/** A share from 0 to 1 as a percentage; without data a dash, not 100 %. */
export const rateWords = (rate: number | null): string =>
  rate === null ? '–' : `${rate > 0 && rate < 0.1 ? (100 * rate).toFixed(1) : Math.round(100 * rate)} %`
