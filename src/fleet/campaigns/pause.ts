/** A campaign is paused: by a rule, or by hand. */
import type { PauseRule } from './api.ts'
import type { CampaignCommands, Changed } from './commands.ts'
import { move } from './move.ts'
import { sendCancel } from './offer.ts'
import type { Campaign } from './schema.ts'
import { withdrawableStates } from './transitions.ts'
import { campaignIn, changed, named, SERVER, type Work } from './work.ts'

export function pauseCampaign(work: Work, { id, actor }: CampaignCommands['pauseCampaign']['in']): Changed {
  const found = campaignIn(work, id, ['running'])
  if ('refused' in found) return found.refused
  pause(work, found.campaign, { rule: 'manual', detail: `Paused by ${actor}.`, actor })
  return changed(found.campaign)
}

/**
 * Holds everything that does not install yet: nothing more is offered, and what was offered is withdrawn. What
 * installs goes on to its end, for nobody can stop it.
 */
export function pause(
  work: Work,
  campaign: Campaign,
  { rule, detail, actor = SERVER }: { rule: PauseRule; detail: string; actor?: string },
): void {
  const { store, deciding } = work
  const { row, round, release } = campaign
  campaign.state = 'paused'
  store.saveCampaign(campaign)
  for (const assigned of store.inStates(row, [...withdrawableStates, 'RETRY_WAIT'])) {
    if (!assigned.update.attemptEnded) sendCancel(work, assigned)
    move(work, campaign, assigned, { to: 'SCHEDULED', actor })
  }
  const counts = store.waveCounts(row, round)
  const failed = counts.reduce((sum, wave) => sum + wave.failed, 0)
  const settled = counts.reduce((sum, wave) => sum + wave.succeeded, failed)
  const firstFailureAt = store.firstFailureAt(row, round)
  const timeToDetectMs = firstFailureAt === null ? null : deciding.now - firstFailureAt
  const blastRadius = store.touched(row, release)
  store.addPause({
    campaign: row,
    at: deciding.now,
    rule,
    detail,
    settled,
    failed,
    timeToDetectMs,
    blastRadius,
    resumedAt: null,
    resumedBy: null,
  })
  deciding.tell({
    kind: 'campaign_paused',
    ...named(campaign),
    rule,
    detail,
    timeToDetectMs,
    blastRadius,
    actor,
  })
}
