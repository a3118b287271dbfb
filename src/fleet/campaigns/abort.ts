/** A campaign is given up. */
import type { CampaignCommands, Changed } from './commands.ts'
import { finish } from './finish.ts'
import { move } from './move.ts'
import { sendCancel } from './offer.ts'
import { installingStates, isWithdrawable, withdrawableStates } from './transitions.ts'
import { campaignIn, changed, named, type Work } from './work.ts'

/** Cancels what does not install yet. What installs goes on to its end, and then the campaign is aborted. */
export function abortCampaign(work: Work, { id, actor }: CampaignCommands['abortCampaign']['in']): Changed {
  const found = campaignIn(work, id, ['draft', 'approved', 'running', 'paused'])
  if ('refused' in found) return found.refused
  const { campaign } = found
  const { store, deciding } = work
  const canceled = store.inStates(campaign.row, ['SCHEDULED', 'RETRY_WAIT', ...withdrawableStates])
  for (const assigned of canceled) {
    const { state, attemptEnded } = assigned.update
    if (isWithdrawable(state) || (state === 'RETRY_WAIT' && !attemptEnded)) sendCancel(work, assigned)
    move(work, campaign, assigned, { to: 'CANCELED', reason: 'campaign_aborted', actor })
  }
  const installing = store.inStates(campaign.row, installingStates).length
  campaign.state = 'aborting'
  store.endPause(campaign.row, { at: deciding.now, actor })
  store.saveCampaign(campaign)
  deciding.tell({
    kind: 'campaign_aborted',
    ...named(campaign),
    canceled: canceled.length,
    installing,
    actor,
  })
  if (installing === 0) finish(work, campaign, 'aborted')
  return changed(campaign)
}
