/** What the verbs of the campaigns work with, inside one transaction. */
import type { KeyObject } from 'node:crypto'
import type { Random } from '../../shared/random.ts'
import type { Deciding } from '../commands.ts'
import type { Changed } from './commands.ts'
import type { CountStore } from './count-store.ts'
import type { Campaign } from './schema.ts'
import type { CampaignStore } from './store.ts'
import type { UpdateStore } from './update-store.ts'

export type Store = CampaignStore & UpdateStore & CountStore

export interface Work {
  store: Store
  deciding: Deciding
  random: Random
  signingKey: KeyObject
  /** Names a campaign, or the update of a vehicle. */
  newId: () => string
}

/** Who acts without being asked. */
export const SERVER = 'server'

export const changed = ({ id, state, outcome }: Campaign): Changed => ({
  kind: 'changed',
  id,
  state,
  outcome,
})

/** A campaign that is in one of these states, or why not. */
export function campaignIn(
  { store }: Work,
  id: string,
  states: readonly Campaign['state'][],
): { campaign: Campaign } | { refused: Changed } {
  const campaign = store.campaign(id)
  if (!campaign) return { refused: { kind: 'unknown_campaign' } }
  if (!states.includes(campaign.state)) return { refused: { kind: 'campaign_state', state: campaign.state } }
  return { campaign }
}

/** The campaign as events name it. */
export const named = ({ id, name }: Campaign) => ({ campaign: id, name })
