/** What can be asked of releases and campaigns, as the OpenAPI document says it. */
import { z } from 'zod'
import { operation } from '../../http/operation.ts'
import * as api from './api.ts'

const tag = 'fleet updates'
const changes = ['unknown_campaign', 'campaign_state', 'storage_full'] as const

export const createReleaseOperation = operation({
  method: 'post',
  path: '/fleet/releases',
  tag,
  summary: 'Make and sign a release',
  description: 'The content is SIMULATED: digests and sizes follow from the version. A version is enough.',
  only: 'presenter',
  body: api.releaseRequest,
  reply: { description: 'The release', schema: api.releaseShape },
  refusals: ['version_taken', 'counter_not_higher', 'storage_full'],
})

export const releasesOperation = operation({
  method: 'get',
  path: '/fleet/releases',
  tag,
  summary: 'Releases, newest first',
  reply: { description: 'The newest hundred', schema: api.releasesReply },
})

export const previewOperation = operation({
  method: 'post',
  path: '/fleet/campaigns/preview',
  tag,
  summary: 'Which vehicles a campaign would reach now, and why not the others',
  only: 'presenter',
  body: api.previewRequest,
  reply: { description: 'Nothing was changed', schema: api.previewReply },
  refusals: ['unknown_release'],
})

export const createCampaignOperation = operation({
  method: 'post',
  path: '/fleet/campaigns',
  tag,
  summary: 'Write a campaign down',
  description: 'Nothing happens before it is approved and started; its vehicles are chosen when it starts.',
  only: 'presenter',
  body: api.campaignRequest,
  reply: { description: 'A draft', schema: api.campaignChanged },
  refusals: ['unknown_release', 'storage_full'],
})

export const campaignsOperation = operation({
  method: 'get',
  path: '/fleet/campaigns',
  tag,
  summary: 'Campaigns with their progress, newest first',
  reply: { description: 'The newest fifty', schema: api.campaignsReply },
})

export const campaignOperation = operation({
  method: 'get',
  path: '/fleet/campaigns/{id}',
  tag,
  summary: 'One campaign with everything that is known of it',
  params: api.campaignIdParam,
  reply: { description: 'The campaign as it stands', schema: api.campaignDetail },
  refusals: ['unknown_campaign'],
})

const order = <const N extends string>(name: N, summary: string) =>
  operation({
    method: 'post',
    path: `/fleet/campaigns/{id}/${name}`,
    tag,
    summary,
    only: 'presenter',
    params: api.campaignIdParam,
    reply: { description: 'How the campaign stands now', schema: api.campaignChanged },
    refusals: changes,
  })

export const approveOperation = order('approve', 'Approve a draft')
export const startOperation = order('start', 'Start an approved campaign')
export const pauseOperation = order('pause', 'Offer nothing more, and withdraw what does not install yet')
export const abortOperation = order('abort', 'Give a campaign up; what installs comes to its end')

export const resumeOperation = operation({
  method: 'post',
  path: '/fleet/campaigns/{id}/resume',
  tag,
  summary: 'Go on after a pause, also with a corrected release',
  description:
    'What settled before no longer counts for the thresholds. A body is needed: {} changes nothing.',
  only: 'presenter',
  params: api.campaignIdParam,
  body: api.resumeRequest,
  reply: { description: 'How the campaign stands now', schema: api.campaignChanged },
  refusals: [...changes, 'unknown_release', 'counter_not_higher'],
})

export const updatesOperation = operation({
  method: 'get',
  path: '/fleet/campaigns/{id}/updates',
  tag,
  summary: 'The updates of a campaign, vehicle by vehicle',
  params: api.campaignIdParam,
  query: api.updatesQuery,
  reply: { description: 'A page of updates', schema: api.updatesReply },
  refusals: ['unknown_campaign'],
})

export const transitionsOperation = operation({
  method: 'get',
  path: '/fleet/campaigns/{id}/updates/{update_id}/transitions',
  tag,
  summary: 'Every step of one update',
  params: api.updateParams,
  reply: { description: 'Oldest first', schema: api.transitionsReply },
  refusals: ['unknown_update'],
})

export const exportOperation = operation({
  method: 'get',
  path: '/fleet/campaigns/{id}/export',
  tag,
  summary: 'A campaign with all updates and transitions, as one file',
  description: 'format=csv has one line a transition.',
  params: api.campaignIdParam,
  query: api.exportQuery,
  reply: { description: 'The file', schema: z.string(), type: 'application/json' },
  refusals: ['unknown_campaign'],
})
