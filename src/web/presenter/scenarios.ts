import type { RehearsalFrame, ScenarioName, ScenarioShape } from '../../scenarios/api.ts'
import { onPress } from '../busy.ts'
import { byId, h, setAttribute, setText } from '../dom.ts'
import { faultWords } from '../fault-words.ts'
import { duration } from '../format.ts'
import { outcome } from '../outcome.ts'
import { copyable } from '../overview/copyable.ts'
import { Problem } from '../problem.ts'
import { adviceFor, attempt } from './attempt.ts'
import * as server from './requests.ts'
import { everyTick, secondsLeft } from './ticker.ts'

/** Only links of this page's own server and to web addresses: what a scenario names is data. */
const isLink = (href: string) => /^(\/(?!\/)|https?:\/\/)/.test(href)

function details(scenario: ScenarioShape): HTMLElement {
  const { steps, look_at, promql, logql } = scenario
  return h(
    'details',
    {},
    h('summary', {}, 'Steps, what to look at, queries'),
    h(
      'ol',
      { class: 'steps' },
      ...steps.map(({ title, detail }) => h('li', {}, h('strong', {}, title), ` ${detail}`)),
    ),
    look_at.length > 0 && h('h4', {}, 'Look at'),
    h(
      'ul',
      { class: 'links' },
      ...look_at.map(({ title, href, what }) =>
        h(
          'li',
          {},
          isLink(href) ? h('a', { href, target: '_blank', rel: 'noopener' }, title) : title,
          h('span', {}, what),
        ),
      ),
    ),
    ...[
      ...promql.map(one => ({ ...one, kind: 'PromQL' })),
      ...logql.map(one => ({ ...one, kind: 'LogQL' })),
    ].map(({ title, query, kind }) => queryOf(scenario, `${title} (${kind})`, query)),
  )
}

/** Two scenarios may show the same query: each is named with its own. */
function queryOf({ title: scenario }: ScenarioShape, title: string, query: string): HTMLElement {
  const figure = copyable(title, query)
  for (const named of figure.querySelectorAll('[aria-label]'))
    setAttribute(named, 'aria-label', `${named.getAttribute('aria-label')}, ${scenario}`)
  return figure
}

function card(scenario: ScenarioShape) {
  const { name, title, story, seconds, faults } = scenario
  const start = h('button', { type: 'button', 'aria-label': `Start: ${title}` }, 'Start')
  const stop = h(
    'button',
    { type: 'button', class: 'danger', hidden: true, 'aria-label': `Stop: ${title}` },
    'Stop',
  )
  const state = h('p', { class: 'scenario-state' })
  const said = outcome()
  onPress(start, async () => {
    if (await attempt(said, 'Not started.', () => server.startScenario(name)))
      said.say('good', { what: 'Started.', advice: 'It ends by itself.' })
  })
  onPress(stop, async () => {
    if (await attempt(said, 'Not stopped.', server.stopScenario)) said.clear()
  })
  let wasMine = false
  const element = h(
    'li',
    { class: 'card scenario' },
    h('h3', {}, title),
    h('p', {}, story),
    h(
      'p',
      { class: 'quiet' },
      faults.length > 0 ? `Faults: ${faults.map(faultWords).join(', ')}` : 'No fault of the server',
    ),
    h('div', { class: 'form-actions' }, start, stop, state),
    said.element,
    details(scenario),
  )
  return {
    element,
    name,
    update(running: RehearsalFrame['scenario'], left: number) {
      const mine = running?.name === name
      if (wasMine && !mine) said.clear()
      wasMine = mine
      setAttribute(element, 'data-running', mine ? 'yes' : null)
      const hadFocus = document.activeElement === (mine ? start : stop)
      start.hidden = mine
      stop.hidden = !mine
      if (hadFocus) (mine ? stop : start).focus()
      start.disabled = running !== null && !mine
      setText(
        state,
        mine ? `${duration(left)} left` : running ? 'Another one runs' : `Takes ${duration(seconds)}`,
      )
    },
  }
}

/** The scenarios, of which one runs at a time. @returns takes the frame of the rehearsal */
export function showScenarios(): (frame: RehearsalFrame) => void {
  let cards: ReturnType<typeof card>[] = []
  let frame: RehearsalFrame | null = null
  let said: ScenarioName | null = null

  async function read() {
    try {
      const { data } = await server.scenarios()
      cards = data.scenarios.map(card)
      byId('scenarios').replaceChildren(...cards.map(({ element }) => element))
      setText(byId('scenarios-error'), '')
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      setText(byId('scenarios-error'), `The scenarios could not be read. ${adviceFor(error)}`)
    }
  }
  void read()
  everyTick(now => {
    const running = frame?.scenario ?? null
    const left = frame && running ? secondsLeft(frame.at, running.ends_in_seconds, now) : 0
    for (const one of cards) one.update(running, left)
  })
  return next => {
    frame = next
    const name = next.scenario?.name ?? null
    if (name === said) return
    const words = name === null ? 'The scenario is over.' : `The scenario ${name} runs.`
    setText(byId('scenarios-said'), words)
    said = name
  }
}
