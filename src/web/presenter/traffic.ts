import type { RehearsalFrame, TrafficReply } from '../../scenarios/api.ts'
import { onPress } from '../busy.ts'
import { byId, h, setAttribute, setText } from '../dom.ts'
import { complainTo, numberField } from '../fleet/console/field.ts'
import { duration, rate } from '../format.ts'
import { outcome } from '../outcome.ts'
import { Problem } from '../problem.ts'
import { adviceFor, attempt } from './attempt.ts'
import { type Crowd, crowds } from './crowds.ts'
import * as server from './requests.ts'
import { everyTick, secondsLeft } from './ticker.ts'

type Summary = NonNullable<TrafficReply['summary']>
const counts: [keyof Summary, string][] = [
  ['sent', 'Sent'],
  ['granted', 'Granted'],
  ['denied', 'Denied'],
  ['returned', 'Returned'],
  ['retried', 'Asked again'],
  ['failed', 'Failed'],
  ['unanswered', 'Unanswered'],
]
const starters: Record<NonNullable<TrafficReply['by']>, string> = {
  presenter: 'started here',
  scenario: 'by the scenario',
  race: 'by the race',
}

/** People who borrow and return, simulated. @returns takes the frame of the rehearsal */
export function showTraffic(): (frame: RehearsalFrame) => void {
  const slider = h('input', {
    type: 'range',
    min: 1,
    max: 200,
    step: 1,
    'aria-label': 'Rate, things done a second',
  })
  const perSecond = numberField('rate', 'Rate, a second', { value: '20', min: 0.1, max: 500 })
  const seconds = numberField('seconds', 'For, seconds', { value: '600', min: 1, max: 7200, step: 1 })
  const retries = numberField('retries', 'Retries', {
    value: '0',
    min: 0,
    max: 10,
    step: 1,
  })
  const fields = [perSecond, seconds, retries]
  const [rateInput, retriesInput] = [perSecond, retries].map(
    ({ element }) => element.querySelector('input') as HTMLInputElement,
  ) as [HTMLInputElement, HTMLInputElement]
  const start = h('button', { type: 'button', class: 'primary' }, 'Start')
  const stop = h('button', { type: 'button' }, 'Stop')
  const said = outcome()
  let crowd: Crowd = crowds[0] as Crowd
  let frame: RehearsalFrame | null = null

  slider.value = rateInput.value
  slider.addEventListener('input', () => {
    rateInput.value = slider.value
    perSecond.complain(null)
  })
  rateInput.addEventListener('input', () => {
    slider.value = rateInput.value
  })

  function choose(chosen: Crowd) {
    crowd = chosen
    rateInput.value = slider.value = String(crowd.rate)
    retriesInput.value = String(crowd.retries)
  }
  const choices = crowds.map((one, index) => {
    const input = h('input', { type: 'radio', name: 'crowd', value: one.name, checked: index === 0 })
    input.addEventListener('change', () => choose(one))
    return h('label', { class: 'choice' }, input, h('span', {}, h('strong', {}, one.name), ` ${one.what}`))
  })
  choose(crowd)

  async function run() {
    said.clear()
    try {
      await server.runTraffic({
        rate: Number(perSecond.text()),
        seconds: Number(seconds.text()),
        retries: Number(retries.text()),
        mix: crowd.mix,
      })
      complainTo(fields, [])
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const rest = complainTo(fields, error.fields)
      said.say('bad', { what: 'Not started.', advice: [adviceFor(error), ...rest].join(' ') })
    }
  }
  onPress(start, run)
  onPress(stop, async () => {
    await attempt(said, 'Not stopped.', server.stopTraffic)
  })

  const numbers = new Map(counts.map(([name]) => [name, h('dd', {}, '–')]))
  byId('traffic-form').append(
    h('fieldset', { class: 'choices' }, h('legend', {}, 'Who comes'), ...choices),
    h('div', { class: 'slider' }, slider),
    h('div', { class: 'fields' }, ...fields.map(({ element }) => element)),
    h('div', { class: 'form-actions' }, start, stop),
    said.element,
  )
  byId('traffic-summary').append(
    ...counts.map(([name, label]) => h('div', {}, h('dt', {}, label), numbers.get(name) as HTMLElement)),
  )

  everyTick(now => {
    if (!frame) return
    const { running, rate: done, ends_in_seconds: left, by } = frame.traffic
    const words = [
      `${done === null ? '?' : rate(done)} a second`,
      by ? starters[by] : '',
      left === null ? '' : `${duration(secondsLeft(frame.at, left, now))} left`,
    ]
    setText(byId('traffic-state'), running ? words.filter(word => word !== '').join(', ') : 'No traffic runs')
  })
  return next => {
    frame = next
    const { running, summary } = next.traffic
    setAttribute(byId('traffic'), 'data-running', running ? 'yes' : 'no')
    setText(start, running ? 'Change to this' : 'Start')
    stop.disabled = !running
    for (const [name, cell] of numbers) setText(cell, summary === null ? '–' : String(summary[name] ?? 0))
    byId('traffic-summary').hidden = summary === null
    setText(
      byId('traffic-which'),
      summary === null ? '' : running ? 'Of the run under way' : 'Of the last run',
    )
  }
}
