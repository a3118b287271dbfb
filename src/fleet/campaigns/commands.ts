/** What the writer can be asked about releases and campaigns, and what it tells of them. */
import type { UpdateReason, UpdateState } from '../../vehicle/update-states.ts'
import type { CampaignOutcome, CampaignRequest, CampaignState, PauseRule, ReleaseRequest } from './api.ts'
import type { IgnoredReason } from './transitions.ts'

/** Who asks, as it is written down. */
interface ByPerson {
  actor: string
}
type OfCampaign = { id: string } & ByPerson

/** What became of the order to change a campaign. */
export type Changed =
  | { kind: 'changed'; id: string; state: CampaignState; outcome: CampaignOutcome | null }
  | { kind: 'unknown_campaign' }
  | { kind: 'campaign_state'; state: CampaignState }

/** What became of the order to make a release. */
export type Released =
  | { kind: 'created'; version: string; releaseCounter: number }
  | { kind: 'version_taken' }
  | { kind: 'counter_not_higher'; newest: number }

export type CampaignCommands = {
  createRelease: { in: { request: ReleaseRequest } & ByPerson; out: Released }
  createCampaign: {
    in: { request: CampaignRequest } & ByPerson
    out: Changed | { kind: 'unknown_release' }
  }
  approveCampaign: { in: OfCampaign; out: Changed }
  startCampaign: { in: OfCampaign; out: Changed }
  pauseCampaign: { in: OfCampaign; out: Changed }
  resumeCampaign: {
    in: OfCampaign & { releaseVersion: string | null; retryFailed: boolean }
    out: Changed | { kind: 'unknown_release' } | { kind: 'counter_not_higher'; newest: number }
  }
  abortCampaign: { in: OfCampaign; out: Changed }
  /** Brings every campaign that is not at rest one step on. Ask once a second. */
  tick: { in: Record<string, never>; out: { campaigns: number } }
}

interface OfName {
  campaign: string
  name: string
}
export type CampaignEvent =
  | { kind: 'release_created'; version: string; releaseCounter: number; tampered: boolean; actor: string }
  | ({ kind: 'campaign_created'; version: string; actor: string } & OfName)
  | ({ kind: 'campaign_approved'; actor: string } & OfName)
  | ({ kind: 'campaign_started'; version: string; planned: number; actor: string } & OfName)
  | ({
      kind: 'campaign_paused'
      rule: PauseRule
      detail: string
      timeToDetectMs: number | null
      blastRadius: number
      actor: string
    } & OfName)
  | ({ kind: 'campaign_resumed'; version: string; rescheduled: number; actor: string } & OfName)
  | ({ kind: 'campaign_aborted'; canceled: number; installing: number; actor: string } & OfName)
  | ({ kind: 'campaign_finished'; outcome: CampaignOutcome; succeeded: number; failed: number } & OfName)
  | ({ kind: 'wave_started'; wave: number; planned: number } & OfName)
  | {
      kind: 'update_transition'
      vehicle: string
      model: string
      firmware: string
      update_id: string
      campaign: string
      from: UpdateState
      to: UpdateState
      reason: UpdateReason | null
      attempt: number
      actor: string
    }
  | {
      kind: 'status_ignored'
      vehicle: string
      update_id: string
      state: UpdateState
      attempt: number
      why: IgnoredReason
    }
