import { h, setAttribute, setText, svg } from '../dom.ts'

const HOLD_MS = 1200
const OFFER_MS = 10_000

/** A button that is held, not pressed, for what nobody should do by accident. */
export interface HoldButton {
  element: HTMLElement
  /** @param words what holding does, such as `Ship 1.2.4` */
  name(words: string): void
}

/**
 * A ring fills while the button, Enter or Space is held; at its end the action runs. Who cannot hold, or
 * presses by a screen reader or a switch, gets a second button that does it at once.
 */
export function holdButton(action: () => Promise<void>): HoldButton {
  const label = h('span', {})
  const ring = svg(
    'svg',
    { class: 'hold-ring', viewBox: '0 0 36 36', 'aria-hidden': 'true', focusable: 'false' },
    svg('circle', { cx: 18, cy: 18, r: 15 }),
    svg('circle', { class: 'hold-fill', cx: 18, cy: 18, r: 15, pathLength: 100 }),
  )
  const button = h('button', { type: 'button', class: 'hold', 'data-hold': 'idle' }, ring, label)
  const now = h('button', { type: 'button', class: 'danger', hidden: true })
  const hint = h('p', { class: 'quiet', role: 'status' })
  let words = ''
  let timer = 0
  let offerTimer = 0
  let busy = false
  let firedAt = Number.NEGATIVE_INFINITY

  function offer(shown: boolean) {
    clearTimeout(offerTimer)
    if (!shown && document.activeElement === now) button.focus()
    now.hidden = !shown
    setText(hint, shown ? `Hold on for longer, or press “${words} now”.` : '')
    if (shown) offerTimer = window.setTimeout(() => offer(false), OFFER_MS)
  }
  async function run() {
    if (busy) return
    busy = true
    offer(false)
    for (const one of [button, now]) setAttribute(one, 'aria-disabled', 'true')
    try {
      await action()
    } finally {
      busy = false
      for (const one of [button, now]) setAttribute(one, 'aria-disabled', null)
    }
  }
  function begin() {
    if (busy || timer !== 0) return
    button.dataset.hold = 'held'
    timer = window.setTimeout(() => {
      end()
      firedAt = performance.now()
      void run()
    }, HOLD_MS)
  }
  /** @returns whether it was being held */
  function end(): boolean {
    const held = timer !== 0
    clearTimeout(timer)
    timer = 0
    button.dataset.hold = 'idle'
    return held
  }

  const isKey = (event: KeyboardEvent) => event.key === 'Enter' || event.key === ' '
  button.addEventListener('pointerdown', event => event.button === 0 && begin())
  for (const gone of ['pointerup', 'pointerleave', 'pointercancel', 'blur'])
    button.addEventListener(gone, () => end())
  button.addEventListener('contextmenu', event => event.preventDefault())
  button.addEventListener('keydown', event => {
    if (!isKey(event)) return
    event.preventDefault()
    if (!event.repeat) begin()
  })
  button.addEventListener('keyup', event => {
    if (!isKey(event)) return
    event.preventDefault()
    if (end()) offer(true)
  })
  // The release of a hold that ran clicks too: that one means nothing more.
  button.addEventListener('click', () => {
    if (!busy && performance.now() - firedAt > HOLD_MS) offer(true)
  })
  now.addEventListener('click', () => void run())

  return {
    element: h('div', { class: 'hold-box' }, button, now, hint),
    name(next) {
      if (next === words) return
      words = next
      setText(label, `Hold: ${words}`)
      setText(now, `${words} now`)
    },
  }
}
