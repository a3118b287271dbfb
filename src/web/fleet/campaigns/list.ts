import type { CampaignShape, CampaignsFrame } from '../../../fleet/campaigns/api.ts'
import { byId } from '../../dom.ts'
import { keyedList } from '../../keyed-list.ts'
import { campaignRow } from './campaign.ts'
import { confirmAbort, resumeDialog } from './dialogs.ts'
import { updatesDialog } from './updates-dialog.ts'

/** The newest campaigns, live. */
export function showCampaigns(): (frame: CampaignsFrame) => void {
  const dialogs = { abort: confirmAbort, resume: resumeDialog, updates: updatesDialog() }
  let newest = ''
  const list = keyedList(
    byId('campaigns'),
    ({ id }: CampaignShape) => id,
    campaign => campaignRow(campaign, campaign.id === newest, dialogs),
  )
  return ({ campaigns }) => {
    newest = campaigns[0]?.id ?? ''
    list(campaigns)
    byId('campaigns-none').hidden = campaigns.length > 0
  }
}
