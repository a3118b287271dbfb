/** Over-the-air campaigns: the only door of this folder. */
export type { CampaignsFrame } from './api.ts'
export { type Campaigns, createCampaigns } from './campaigns.ts'
export { exclusionOf } from './eligibility.ts'
export { campaignMigrations } from './migrations.ts'
export {
  type CampaignGauges,
  type CampaignReports,
  campaignGauges,
  campaignsFrameOf,
  createCampaignReports,
} from './reports.ts'
export { serveCampaigns } from './routes.ts'
