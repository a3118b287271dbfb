import type { PauseShape } from '../../../fleet/campaigns/api.ts'
import { h } from '../../dom.ts'
import { duration, rate, timeOfDay } from '../../format.ts'
import { vehiclesWords } from '../words.ts'
import { ruleWords } from './groups.ts'

const milliseconds = (ms: number) => (ms < 10_000 ? `${rate(ms / 1000)} s` : duration(ms / 1000))

/** Why a campaign was paused, how soon, and how many vehicles had the release by then. */
export function pauseBox(pause: PauseShape): HTMLElement {
  const facts: [string, string][] = [
    ['Time to detect', pause.time_to_detect_ms === null ? '–' : milliseconds(pause.time_to_detect_ms)],
    ['Blast radius', vehiclesWords(pause.blast_radius)],
    ['Failed', `${pause.failed} of ${pause.settled} ended`],
  ]
  return h(
    'div',
    { class: 'pause', 'data-over': String(pause.resumed_at !== null) },
    h('h4', {}, ruleWords[pause.rule]),
    h('p', {}, pause.detail),
    h(
      'dl',
      { class: 'facts' },
      ...facts.map(([term, value]) => h('div', {}, h('dt', {}, term), h('dd', {}, value))),
    ),
    h(
      'p',
      { class: 'quiet' },
      `At ${timeOfDay(pause.at)}${pause.resumed_at === null ? '' : `, resumed at ${timeOfDay(pause.resumed_at)}`}`,
    ),
  )
}
