import { onPress } from '../busy.ts'
import { h, setText } from '../dom.ts'
import { explain, type Tried } from '../explain.ts'
import { duration, timeOfDay } from '../format.ts'
import { keyedList, type Row } from '../keyed-list.ts'
import { outcome } from '../outcome.ts'
import { Problem } from '../problem.ts'
import { serverNow } from '../server-clock.ts'
import type { Holding } from './holdings.ts'

const SOON_SECONDS = 300

const doneWords: Record<Tried, string> = { borrow: 'Borrowed', return: 'Returned', renewal: 'Renewed' }

interface Actions {
  giveBack(holding: Holding): Promise<void>
  renew(holding: Holding): Promise<void>
  /** A lease has run out by the clock: time to ask the server. */
  ended(): void
}

interface LicenseRow extends Row<Holding> {
  tick(): void
}

function licenseRow(
  first: Holding,
  run: (tool: string, tried: Tried, action: () => Promise<void>) => Promise<void>,
  actions: Actions,
): LicenseRow {
  let holding = first
  let told = false
  const left = h('span', { class: 'license-left' })
  const bar = h('i', { class: 'lease-bar-fill' })
  const renewButton = h(
    'button',
    { type: 'button', class: 'ghost', 'aria-label': `Renew ${first.tool}` },
    'Renew',
  )
  const returnButton = h('button', { type: 'button', 'aria-label': `Return ${first.tool}` }, 'Return')
  onPress(returnButton, () => run(first.tool, 'return', () => actions.giveBack(holding)))
  onPress(renewButton, () => run(first.tool, 'renewal', () => actions.renew(holding)))

  const row: LicenseRow = {
    element: h(
      'li',
      { class: 'license' },
      h(
        'div',
        { class: 'license-what' },
        h('strong', {}, first.tool),
        first.is_overage && h('span', { class: 'badge badge-overage' }, 'overage'),
        h(
          'span',
          { class: 'quiet' },
          h('bdi', { class: 'clamped', title: first.user }, first.user),
          ` since ${timeOfDay(first.borrowed_at)}`,
        ),
        left,
        h('span', { class: 'lease-bar', 'aria-hidden': 'true' }, bar),
      ),
      h('div', { class: 'license-actions' }, returnButton, renewButton),
    ),
    update(next) {
      holding = next
      told = false
      renewButton.hidden = next.expires_at === null
      row.tick()
    },
    tick() {
      if (holding.expires_at === null) return setText(left, 'No time limit')
      const expiresAt = Date.parse(holding.expires_at)
      const seconds = (expiresAt - serverNow()) / 1000
      const whole = (expiresAt - Date.parse(holding.borrowed_at)) / 1000
      setText(left, seconds > 0 ? `${duration(seconds)} left` : 'Ending…')
      left.classList.toggle('is-soon', seconds < SOON_SECONDS)
      bar.style.inlineSize = `${Math.max(0, Math.min(100, (seconds / whole) * 100))}%`
      if (seconds < -1 && !told) {
        told = true
        actions.ended()
      }
    },
  }
  return row
}

/** The licenses of this browser, each with its time left, one tap to return and one to renew. */
export function myLicenses(actions: Actions): {
  element: HTMLElement
  show: (held: readonly Holding[]) => void
  /** The server answers again: what said that it does not goes. */
  reached: () => void
} {
  const result = outcome()
  const list = h('ul', { class: 'licenses' })
  const empty = h(
    'p',
    { class: 'empty' },
    'Nothing yet. Borrow a seat and it shows here with the time it has left.',
  )
  const rows = new Set<LicenseRow>()
  /** Whether what is said is that the server cannot be reached. */
  let isUnreached = false

  async function run(tool: string, tried: Tried, action: () => Promise<void>) {
    const heading = document.getElementById('mine-title')
    isUnreached = false
    try {
      await action()
      result.say('good', { what: `${doneWords[tried]}: ${tool}.`, advice: '' })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      isUnreached = error.status === 0
      result.say('bad', explain(error, tool, tried))
    }
    // The row that had the focus may be gone: the heading takes it, and not the top of the page.
    if (document.activeElement === document.body) heading?.focus({ preventScroll: true })
  }

  const show = keyedList<Holding>(
    list,
    holding => holding.id,
    holding => {
      const row = licenseRow(holding, run, actions)
      rows.add(row)
      return row
    },
  )
  setInterval(() => {
    for (const row of rows) row.element.isConnected ? row.tick() : rows.delete(row)
  }, 1000)

  return {
    element: h('div', {}, list, empty, result.element),
    show(held) {
      show(held)
      empty.hidden = held.length > 0
    },
    reached() {
      if (isUnreached) result.clear()
      isUnreached = false
    },
  }
}
