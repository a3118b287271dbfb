/** A campaign comes to its end. */
import type { CampaignOutcome } from './api.ts'
import type { Campaign } from './schema.ts'
import { named, type Work } from './work.ts'

export function finish(work: Work, campaign: Campaign, outcome: CampaignOutcome): void {
  const { store, deciding } = work
  campaign.state = outcome === 'aborted' ? 'aborted' : 'finished'
  campaign.outcome = outcome
  campaign.finishedAt = deciding.now
  store.saveCampaign(campaign)
  if (outcome !== 'aborted')
    for (const wave of store.waves(campaign.row))
      if (wave.state !== 'done') store.saveWave({ ...wave, state: 'done', finishedAt: deciding.now })
  const { succeeded, failed } = store.endings(campaign.row)
  deciding.tell({ kind: 'campaign_finished', ...named(campaign), outcome, succeeded, failed })
}
