import { byId, h, setAttribute, setText } from '../dom.ts'
import { plural } from '../format.ts'
import { Problem } from '../problem.ts'
import { type Check, type Finding, unknown } from './check.ts'

const states: Record<Finding['state'] | 'waiting' | 'running', string> = {
  good: 'Good',
  bad: 'To mend',
  note: 'Note',
  unknown: 'Not run',
  waiting: 'Not run yet',
  running: 'Running',
}

/** One check on the page. */
export interface Line {
  element: HTMLElement
  /** Runs the check. A check that cannot be made has found nothing, and says why. */
  run(): Promise<Finding>
}

export function checkLine({ title, what, run }: Check): Line {
  const state = h('span', { class: 'check-state' }, states.waiting)
  const found = h('p', { class: 'check-found' })
  const todo = h('p', { class: 'check-todo' })
  const progress = h('progress', { max: 1, value: 0, hidden: true, 'aria-label': `How far: ${title}` })
  const element = h(
    'li',
    { class: 'card check', 'data-state': 'waiting' },
    h('div', { class: 'check-head' }, h('h2', {}, title), state),
    h('p', { class: 'quiet' }, what),
    progress,
    found,
    todo,
  )
  function show(now: keyof typeof states, words: string, advice = '') {
    setAttribute(element, 'data-state', now)
    setText(state, states[now])
    setText(found, words)
    setText(todo, advice)
    progress.hidden = now !== 'running'
  }
  return {
    element,
    async run() {
      progress.value = 0
      show('running', '')
      let finding: Finding
      try {
        finding = await run((share, words) => {
          progress.value = Math.min(1, share)
          setText(found, words)
        })
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        const code = error instanceof Problem && error.status > 0 ? ` (${error.status})` : ''
        finding =
          error instanceof Problem && error.status > 0
            ? {
                state: 'bad',
                found: `${message}${code}`,
                todo: 'The server does not do this as it should: see its log.',
              }
            : unknown(`Not run: ${message}`, 'Check the connection, then run again.')
      }
      show(finding.state, finding.found, finding.todo)
      return finding
    },
  }
}

/** Says in one line whether the doors may open. */
export function showVerdict(findings: (Finding | null)[]): void {
  const waiting = findings.filter(finding => finding === null).length
  const count = (state: Finding['state']) => findings.filter(finding => finding?.state === state).length
  const [mend, notRun] = [count('bad'), count('unknown')]
  const state = mend > 0 ? 'bad' : waiting > 0 ? 'running' : 'good'
  const things = `${plural(mend, 'thing')} to mend`
  setAttribute(byId('verdict'), 'data-state', state)
  setText(byId('verdict-words'), mend > 0 ? things : waiting > 0 ? 'Checking' : 'Ready')
  const more = [
    `${count('good')} good`,
    count('note') > 0 ? plural(count('note'), 'note') : '',
    notRun > 0 ? `${notRun} not run` : '',
    waiting > 0 ? `${waiting} under way` : '',
  ]
  setText(byId('verdict-more'), more.filter(words => words !== '').join(', '))
}
