import type {
  CampaignRequest,
  CampaignState,
  campaignChanged,
  PreviewReply,
  PreviewRequest,
  ReleaseRequest,
  ReleaseShape,
  transitionsReply,
  UpdatesReply,
} from '../../../fleet/campaigns/api.ts'
import { call } from '../../api.ts'
import { address } from '../requests.ts'

export type TransitionsReply = (typeof transitionsReply)['_output']
export type CampaignChanged = (typeof campaignChanged)['_output']
export type Verb = 'approve' | 'start' | 'pause' | 'abort'

const post = <T>(path: string, body: unknown) => call<T>(path, { method: 'POST', body })
const of = (id: string) => `/fleet/campaigns/${encodeURIComponent(id)}`

/** Every release, as vehicles get it. */
export const releases = () => call<{ releases: ReleaseShape[] }>('/fleet/releases')

/** What is not said keeps what the server presets. */
export const createRelease = (wanted: Partial<ReleaseRequest> & { version: string }) =>
  post<ReleaseShape>('/fleet/releases', wanted)

/** Whom a campaign would reach now. */
export const preview = (wanted: Partial<PreviewRequest>) =>
  post<PreviewReply>('/fleet/campaigns/preview', wanted)

export const createCampaign = (wanted: Partial<CampaignRequest>) =>
  post<CampaignChanged & { state: CampaignState }>('/fleet/campaigns', wanted)

export const change = (id: string, verb: Verb) =>
  call<CampaignChanged>(`${of(id)}/${verb}`, { method: 'POST' })

/** @param release another release to go on with, or null for the same */
export const resume = (id: string, release: string | null, retryFailed: boolean) =>
  post<CampaignChanged>(`${of(id)}/resume`, {
    ...(release !== null && { release_version: release }),
    retry_failed: retryFailed,
  })

/** A page of a campaign's updates. @param after the `next` of the page before, or 0 */
export const updates = (id: string, state: string, after: number, limit: number) =>
  call<UpdatesReply>(address(`${of(id)}/updates`, { state, after, limit }))

/** The way of one update. */
export const transitions = (id: string, update: string) =>
  call<TransitionsReply>(`${of(id)}/updates/${encodeURIComponent(update)}/transitions`)

export const exportAddress = (id: string, format: 'json' | 'csv') => address(`${of(id)}/export`, { format })
