/** A campaign starts: its vehicles are chosen, dealt to the waves, and the first wave is opened. */
import type { CampaignCommands, Changed } from './commands.ts'
import { finish } from './finish.ts'
import { move } from './move.ts'
import type { Campaign } from './schema.ts'
import { assignWaves } from './waves.ts'
import { campaignIn, changed, named, type Work } from './work.ts'

const HOUR_MS = 3_600_000

export function startCampaign(work: Work, { id, actor }: CampaignCommands['startCampaign']['in']): Changed {
  const found = campaignIn(work, id, ['approved'])
  if ('refused' in found) return found.refused
  const { campaign } = found
  const { store, deciding, newId } = work
  const { now } = deciding
  const release = store.release(campaign.release)
  const vehicles = store.targets(campaign.target)
  const waves = assignWaves(vehicles.length, campaign.settings.waves, id)
  for (const [index, vehicle] of vehicles.entries())
    store.addUpdate({ updateId: newId(), vehicle, wave: waves[index] ?? 1 }, campaign, now)
  for (const index of campaign.settings.waves.keys()) {
    const planned = waves.filter(wave => wave === index + 1).length
    store.saveWave({ ...emptyWave, campaign: campaign.row, wave: index + 1, planned })
  }
  campaign.state = 'running'
  campaign.startedAt = now
  campaign.deadlineAt = now + campaign.settings.deadline_hours * HOUR_MS
  const planned = vehicles.length
  deciding.tell({ kind: 'campaign_started', ...named(campaign), version: release.version, planned, actor })
  if (planned === 0) finish(work, campaign, 'empty')
  else {
    supersedeOlder(work, campaign, release.releaseCounter)
    openWave(work, campaign, 1)
  }
  return changed(campaign)
}

const emptyWave = { state: 'waiting', startedAt: null, soakUntil: null, finishedAt: null } as const

/** What waits in other campaigns with an older release need not be done any more. */
function supersedeOlder(work: Work, campaign: Campaign, releaseCounter: number): void {
  const { store } = work
  const campaigns = new Map<number, Campaign>()
  for (const assigned of store.supersededBy(campaign.row, releaseCounter)) {
    const { campaign: row } = assigned.update
    const of = campaigns.get(row) ?? store.campaignAt(row)
    campaigns.set(row, of)
    move(work, of, assigned, { to: 'SUPERSEDED', reason: 'superseded' })
  }
}

/** Lets the vehicles of a wave be offered the release. */
export function openWave(work: Work, campaign: Campaign, number: number): void {
  const { store, deciding } = work
  const wave = store.waves(campaign.row).find(of => of.wave === number)
  if (!wave) throw new Error(`campaign ${campaign.id} has no wave ${number}`)
  campaign.currentWave = number
  store.saveCampaign(campaign)
  store.saveWave({ ...wave, state: 'running', startedAt: deciding.now, soakUntil: null, finishedAt: null })
  store.openWave(campaign.row, number, deciding.now)
  deciding.tell({ kind: 'wave_started', ...named(campaign), wave: number, planned: wave.planned })
}
