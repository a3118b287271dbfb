import type { CampaignShape } from '../../../fleet/campaigns/api.ts'
import { h, setAttribute, setText } from '../../dom.ts'
import { duration, timeOfDay } from '../../format.ts'
import type { Row } from '../../keyed-list.ts'
import { vehiclesWords, whole } from '../words.ts'
import { type CampaignDialogs, campaignActions } from './actions.ts'
import { completionCurve } from './completion.ts'
import { campaignStateWords, outcomeWords, rateWords } from './groups.ts'
import { pauseBox } from './pause-box.ts'
import { reasonsList, statesBar } from './states-bar.ts'
import { wavesOf } from './waves.ts'

const over = ({ state }: CampaignShape) => state === 'finished' || state === 'aborted'

function when({ state, outcome, created_at, started_at, finished_at }: CampaignShape): string {
  if (outcome !== null && finished_at !== null && started_at !== null) {
    const seconds = (Date.parse(finished_at) - Date.parse(started_at)) / 1000
    return `Ended at ${timeOfDay(finished_at)} after ${duration(seconds)}: ${outcomeWords[outcome]}.`
  }
  if (outcome !== null) return `Ended: ${outcomeWords[outcome]}.`
  if (started_at !== null) return `Started at ${timeOfDay(started_at)}.`
  return `Created at ${timeOfDay(created_at)}. ${state === 'draft' ? 'Waits to be approved.' : 'Waits to be started.'}`
}

const rates = (campaign: CampaignShape) => {
  const list: [string, number | null][] = [
    ['Reach', campaign.reach],
    ['Eligible', campaign.eligibility_rate],
    ['Success', campaign.success_rate],
    ['At first attempt', campaign.first_attempt_success_rate],
    ['Rolled back', campaign.rollback_rate],
  ]
  return h(
    'dl',
    { class: 'facts' },
    ...list.map(([term, rate]) => h('div', {}, h('dt', {}, term), h('dd', {}, rateWords(rate)))),
  )
}

/** What a campaign's drawing depends on: the rest of the frame may change without a new one. */
function contentOf(campaign: CampaignShape): (Node | null)[] {
  const paused = campaign.pause !== null ? pauseBox(campaign.pause) : null
  return [
    h('p', { class: 'quiet' }, when(campaign)),
    paused,
    campaign.waves.length > 0 ? wavesOf(campaign) : null,
    h('h4', {}, 'Vehicles by state of their update'),
    statesBar(campaign),
    campaign.planned > 0 ? rates(campaign) : null,
    h(
      'div',
      { class: 'campaign-more' },
      completionCurve(campaign),
      reasonsList('Blocked, not failed', campaign.blocked),
      reasonsList('Left out for good', campaign.ineligible),
    ),
  ]
}

/** One campaign: its head always, the rest when it is opened. What runs or is newest is open from the start. */
export function campaignRow(
  first: CampaignShape,
  isOpen: boolean,
  dialogs: CampaignDialogs,
): Row<CampaignShape> {
  const badge = h('span', { class: 'campaign-state' })
  const release = h('span', { class: 'quiet' })
  const done = h('span', { class: 'campaign-done' })
  const content = h('div', { class: 'campaign-content' })
  const actions = campaignActions(first, dialogs)
  const element = h(
    'li',
    { class: 'campaign' },
    h(
      'details',
      { open: isOpen || !over(first) },
      h('summary', {}, h('h3', {}, first.name), badge, release, done),
      content,
      actions.element,
    ),
  )
  let drawn = ''
  return {
    element,
    update(campaign) {
      const text = JSON.stringify(campaign)
      if (text === drawn) return
      drawn = text
      setAttribute(element, 'data-state', campaign.state)
      setText(badge, campaignStateWords[campaign.state])
      setText(release, `release ${campaign.release_version}`)
      const settled = campaign.waves.reduce((sum, wave) => sum + wave.settled, 0)
      setText(
        done,
        campaign.planned === 0 ? '' : `${whole(settled)} of ${vehiclesWords(campaign.planned)} settled`,
      )
      content.replaceChildren(...contentOf(campaign).filter(node => node !== null))
      actions.update(campaign)
    },
  }
}
