/** Releases and campaigns come into being; a campaign is approved. */
import type { ReleaseSimulation } from '../../vehicle/messages.ts'
import type { CampaignCommands, Changed, Released } from './commands.ts'
import { manifestOf, signatureOf } from './make-release.ts'
import { campaignIn, changed, named, type Work } from './work.ts'

type In<K extends keyof CampaignCommands> = CampaignCommands[K]['in']

/** Makes and signs a release. Its counter is above all before, unless a bad one is asked for. */
export function createRelease(work: Work, { request, actor }: In<'createRelease'>): Released {
  const { store, deciding, signingKey } = work
  const { version, tamper, simulation } = request
  if (store.releaseOf(version)) return { kind: 'version_taken' }
  const newest = store.newestCounter()
  const releaseCounter = request.release_counter ?? newest + 1
  if (releaseCounter <= newest && (!request.allow_lower_counter || store.isCounterTaken(releaseCounter)))
    return { kind: 'counter_not_higher', newest }
  const manifest = manifestOf(request, releaseCounter)
  const tampered = tamper === 'signature'
  store.addRelease({
    version,
    releaseCounter,
    manifest,
    signature: signatureOf(manifest, signingKey, tampered),
    isTampered: tampered,
    simulation: (simulation as ReleaseSimulation | undefined) ?? null,
    createdAt: deciding.now,
    createdBy: actor,
  })
  deciding.tell({ kind: 'release_created', version, releaseCounter, tampered, actor })
  return { kind: 'created', version, releaseCounter }
}

/** Writes a campaign down. Nothing happens to a vehicle until it is approved and started. */
export function createCampaign(
  { store, deciding, newId }: Work,
  { request, actor }: In<'createCampaign'>,
): CampaignCommands['createCampaign']['out'] {
  const { name, release_version, target, ...settings } = request
  const release = store.releaseOf(release_version)
  if (!release) return { kind: 'unknown_release' }
  const id = newId()
  store.addCampaign({
    id,
    name,
    release: release.row,
    state: 'draft',
    outcome: null,
    target,
    settings,
    currentWave: 0,
    round: 1,
    revision: 1,
    createdAt: deciding.now,
    createdBy: actor,
    approvedAt: null,
    approvedBy: null,
    startedAt: null,
    finishedAt: null,
    deadlineAt: null,
  })
  deciding.tell({ kind: 'campaign_created', campaign: id, name, version: release_version, actor })
  return { kind: 'changed', id, state: 'draft', outcome: null }
}

export function approveCampaign(work: Work, { id, actor }: In<'approveCampaign'>): Changed {
  const found = campaignIn(work, id, ['draft'])
  if ('refused' in found) return found.refused
  const { campaign } = found
  campaign.state = 'approved'
  campaign.approvedAt = work.deciding.now
  campaign.approvedBy = actor
  work.store.saveCampaign(campaign)
  work.deciding.tell({ kind: 'campaign_approved', ...named(campaign), actor })
  return changed(campaign)
}
