import type { BorrowReply, PoolStatus } from '../../licensing/api.ts'
import { onPress } from '../busy.ts'
import { h, setText } from '../dom.ts'
import { describePool, donut, sharesOf } from '../donut.ts'
import { explain, type Tried } from '../explain.ts'
import { money, timeOfDay } from '../format.ts'
import type { Row } from '../keyed-list.ts'
import { outcome } from '../outcome.ts'
import { Problem } from '../problem.ts'
import { randomKey } from '../random.ts'
import type { Holding } from './holdings.ts'

/** Two taps in less are one wish. */
const DOUBLE_TAP_MS = 600

/** What a card can do; the page decides how. */
export interface PoolActions {
  borrow(tool: string): Promise<BorrowReply>
  giveBack(holding: Holding): Promise<void>
  held(tool: string): Holding[]
}

/** What the next seat would cost, as the button says it. */
function offerOf(pool: PoolStatus): string {
  if (pool.free === 0) return 'none free now'
  if (pool.borrowed < pool.commit) return 'prepaid seat'
  const nextSum = pool.month_overage_cost + pool.overage_price_per_license
  if (pool.spend_cap !== null && nextSum > pool.spend_cap) return 'overage budget spent'
  return `overage, ${money(pool.overage_price_per_license, pool.currency)}`
}

function grantedWords(reply: BorrowReply, currency: string) {
  const until = reply.expires_at
    ? `Yours until ${timeOfDay(reply.expires_at)}.`
    : 'Yours until you return it.'
  const cost = reply.is_overage ? ` This overage seat cost ${money(reply.overage_charge, currency)}.` : ''
  return { what: 'Borrowed.', advice: until + cost }
}

/** One pool: its ring, its figures, one tap to borrow and one to return. */
export function poolCard(
  first: PoolStatus,
  actions: PoolActions,
): Row<PoolStatus> & { showHeld(): void; reached(): void } {
  const { tool } = first
  let pool = first
  const ring = donut()
  const summary = h('p', { class: 'visually-hidden' })
  const figures = { commit: h('dd'), overage: h('dd'), free: h('dd') }
  const offer = h('span', { class: 'offer' })
  const borrowButton = h('button', { type: 'button', class: 'primary' }, h('span', {}, 'Borrow'), offer)
  const returnButton = h('button', { type: 'button' }, 'Return')
  const heldText = h('span')
  const held = h('p', { class: 'pool-held' }, heldText, returnButton)
  const result = outcome()
  // What was said goes when it is no longer so: a denial when a seat is free, a grant when it was returned,
  // and that the server is out of reach when it is not.
  let said: 'nothing' | 'grant' | 'denial' | 'unreached' = 'nothing'

  const fail = (error: unknown, tried: Tried) => {
    if (!(error instanceof Problem)) throw error
    said = error.status === 409 ? 'denial' : error.status === 0 ? 'unreached' : 'nothing'
    result.say('bad', explain(error, tool, tried))
  }
  async function borrow() {
    try {
      const reply = await actions.borrow(tool)
      said = 'grant'
      result.say('good', grantedWords(reply, pool.currency))
    } catch (error) {
      fail(error, 'borrow')
    }
  }
  onPress(borrowButton, borrow, DOUBLE_TAP_MS)
  onPress(returnButton, async () => {
    const [newest] = actions.held(tool)
    if (!newest) return
    try {
      await actions.giveBack(newest)
      said = 'nothing'
      result.say('plain', { what: 'Returned.', advice: 'Thank you: the seat is free again.' })
      if (!actions.held(tool).length) borrowButton.focus({ preventScroll: true })
    } catch (error) {
      fail(error, 'return')
    }
  })

  const figure = (kind: keyof typeof figures, label: string) =>
    h('div', {}, h('dt', {}, h('i', { class: `swatch swatch-${kind}` }), label), figures[kind])
  const title = h('h3', { id: `pool-${randomKey()}` }, tool)
  borrowButton.setAttribute('aria-describedby', title.id)
  const element = h(
    'li',
    { class: 'card pool' },
    h('header', { class: 'pool-head' }, title),
    summary,
    h(
      'div',
      { class: 'pool-dial' },
      ring.element,
      h(
        'dl',
        { class: 'figures' },
        figure('commit', 'Prepaid'),
        figure('overage', 'Overage'),
        figure('free', 'Free'),
      ),
    ),
    borrowButton,
    held,
    result.element,
  )

  function unsay(what: typeof said) {
    if (said === what) result.clear()
    if (said === what) said = 'nothing'
  }

  function showHeld() {
    const count = actions.held(tool).length
    if (count === 0) unsay('grant')
    setText(heldText, `You hold ${count}`)
    held.hidden = count === 0
    returnButton.setAttribute('aria-label', `Return ${tool}`)
  }

  return {
    element,
    showHeld,
    /** The server answers again. */
    reached: () => unsay('unreached'),
    update(next) {
      if (next.free > pool.free) unsay('denial')
      pool = next
      ring.update(pool)
      const [commit, overage] = sharesOf(pool)
      setText(summary, describePool(pool))
      setText(figures.commit, `${commit?.seats} of ${pool.commit}`)
      setText(figures.overage, `${overage?.seats} of ${pool.max_overage}`)
      setText(figures.free, `${pool.free}`)
      setText(offer, offerOf(pool))
      element.classList.toggle('is-full', pool.free === 0)
      showHeld()
    },
  }
}
