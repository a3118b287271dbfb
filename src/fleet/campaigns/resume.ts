/** A paused campaign goes on: as it was, with its failures tried again, or with a corrected release. */
import type { UpdateState } from '../../vehicle/update-states.ts'
import type { CampaignCommands } from './commands.ts'
import { reschedule } from './move.ts'
import type { Campaign, Release } from './schema.ts'
import { openWave } from './start.ts'
import type { Assigned } from './update-store.ts'
import { campaignIn, changed, named, type Work } from './work.ts'

type Resume = CampaignCommands['resumeCampaign']

/** A vehicle in neither version is not among them: it needs a workshop. */
const failed: UpdateState[] = ['FAILED', 'ROLLED_BACK', 'TIMED_OUT']
/** What was settled by the release that is replaced: it runs in the car, or did not suit it. */
const byRelease: UpdateState[] = ['SUCCEEDED', 'ALREADY_INSTALLED', 'INELIGIBLE', 'RETRY_WAIT']

export function resumeCampaign(work: Work, order: Resume['in']): Resume['out'] {
  const { id, actor, releaseVersion, retryFailed } = order
  const found = campaignIn(work, id, ['paused'])
  if ('refused' in found) return found.refused
  const { campaign } = found
  const { store, deciding } = work
  const current = store.release(campaign.release)
  const next = releaseVersion === null ? current : store.releaseOf(releaseVersion)
  if (!next) return { kind: 'unknown_release' }
  const isCorrected = next.row !== current.row
  if (isCorrected && next.releaseCounter <= current.releaseCounter)
    return { kind: 'counter_not_higher', newest: current.releaseCounter }

  store.endPause(campaign.row, { at: deciding.now, actor })
  campaign.state = 'running'
  campaign.round++
  if (isCorrected) changeRelease(work, campaign, next)
  const states = [...(retryFailed ? failed : []), ...(isCorrected ? byRelease : [])]
  const again = store.inStates(campaign.row, states).filter(mayAgain)
  for (const assigned of again) reschedule(work, campaign, assigned, actor)
  // A corrected release has to prove itself where the former one failed: it begins with the first wave.
  if (isCorrected) openWave(work, campaign, 1)
  else {
    store.saveCampaign(campaign)
    const wave = store.waves(campaign.row).find(of => of.wave === campaign.currentWave)
    if (wave?.state === 'soaking') store.saveWave({ ...wave, state: 'running', soakUntil: null })
  }
  deciding.tell({
    kind: 'campaign_resumed',
    ...named(campaign),
    version: next.version,
    rescheduled: again.length,
    actor,
  })
  return changed(campaign)
}

const mayAgain = ({ update }: Assigned) => update.reason !== 'no_consent'

function changeRelease({ store }: Work, campaign: Campaign, release: Release): void {
  campaign.release = release.row
  campaign.currentWave = 0
  store.assignRelease(campaign.row, release.row)
  for (const wave of store.waves(campaign.row))
    store.saveWave({ ...wave, state: 'waiting', startedAt: null, soakUntil: null, finishedAt: null })
}
