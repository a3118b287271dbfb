import type { CampaignShape, CampaignState } from '../../../fleet/campaigns/api.ts'
import { onPress } from '../../busy.ts'
import { h } from '../../dom.ts'
import { outcome } from '../../outcome.ts'
import { Problem } from '../../problem.ts'
import { campaignStateWords } from './groups.ts'
import { change, exportAddress, type Verb } from './requests.ts'

/** What asks further before something happens. */
export interface CampaignDialogs {
  abort(campaign: CampaignShape): Promise<boolean>
  /** @returns how it was resumed, in words; null: it was not */
  resume(campaign: CampaignShape): Promise<string | null>
  updates(campaign: CampaignShape): void
}

const offered: Record<CampaignState, readonly (Verb | 'resume')[]> = {
  draft: ['approve', 'abort'],
  approved: ['start', 'abort'],
  running: ['pause', 'abort'],
  paused: ['resume', 'abort'],
  aborting: [],
  finished: [],
  aborted: [],
}

const words: Record<Verb | 'resume', string> = {
  approve: 'Approve',
  start: 'Start',
  pause: 'Pause',
  resume: 'Resume…',
  abort: 'Abort…',
}
const verbs = Object.keys(words) as (Verb | 'resume')[]

/** The presenter's buttons for one campaign, and what everybody may see of it. */
export function campaignActions(first: CampaignShape, dialogs: CampaignDialogs) {
  let campaign = first
  const said = outcome()
  /** The state that the last answer named. */
  let told: CampaignState | null = null

  async function run(verb: Verb | 'resume') {
    said.clear()
    try {
      if (verb === 'resume') {
        const how = await dialogs.resume(campaign)
        if (how !== null) told = 'running'
        if (how !== null) said.say('good', { what: 'Resumed.', advice: how })
        return
      }
      if (verb === 'abort' && !(await dialogs.abort(campaign))) return
      const { data } = await change(campaign.id, verb)
      told = data.state
      said.say('good', { what: `${campaignStateWords[data.state]}.`, advice: '' })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      said.say('bad', { what: 'That did not work.', advice: error.message })
    }
  }

  const buttons = verbs.map(verb => {
    const kind =
      verb === 'approve' || verb === 'start' || verb === 'resume'
        ? 'primary'
        : verb === 'abort'
          ? 'danger'
          : ''
    const button = h(
      'button',
      { type: 'button', class: `presenter-only ${kind}`, 'aria-label': `${words[verb]} ${first.name}` },
      words[verb],
    )
    onPress(button, () => run(verb))
    return { verb, button }
  })
  const list = h(
    'button',
    { type: 'button', 'aria-label': `Updates of ${first.name}`, click: () => dialogs.updates(campaign) },
    'Updates…',
  )
  const link = (format: 'json' | 'csv') =>
    h(
      'a',
      {
        class: 'export',
        href: exportAddress(first.id, format),
        download: `campaign-${first.id}.${format}`,
      },
      `Export ${format.toUpperCase()}`,
      h('span', { class: 'visually-hidden' }, ` of ${first.name}`),
    )
  return {
    element: h(
      'div',
      { class: 'campaign-foot' },
      h('div', { class: 'actions' }, ...buttons.map(({ button }) => button), list, link('json'), link('csv')),
      said.element,
    ),
    update(next: CampaignShape) {
      // What was said is old news as soon as the campaign went on from there by itself.
      if (next.state !== campaign.state && next.state !== told) said.clear()
      campaign = next
      for (const { verb, button } of buttons) {
        const show = offered[next.state].includes(verb)
        // Whoever has just pressed it keeps the keyboard's place.
        if (!show && document.activeElement === button) list.focus()
        button.hidden = !show
      }
    },
  }
}
