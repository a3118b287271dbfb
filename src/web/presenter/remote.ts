import type { CommandRequest, DeckShape, RunOfShowReply, StageFrame } from '../../stage/api.ts'
import { onPress } from '../busy.ts'
import { byId, h, setAttribute, setText } from '../dom.ts'
import { outcome } from '../outcome.ts'
import { attempt } from './attempt.ts'
import { showClocks } from './clocks.ts'
import { showDriver } from './driver.ts'
import * as server from './requests.ts'

/** Two presses of one key within this are one tap that bounced. */
const BOUNCE_MS = 350
/** So long a deck may take to obey, and the server refuses another command for the same place. */
const OBEY_MS = 1100
const OBEY_STEP_MS = 50

const keys: Record<string, 'next' | 'previous'> = {
  ArrowRight: 'next',
  PageDown: 'next',
  ArrowLeft: 'previous',
  PageUp: 'previous',
}

type Slide = RunOfShowReply['slides'][number]

/**
 * The remote of the deck. It shows where the deck says that it stands, and each press is meant for that
 * place: what comes too late is refused by the server and never sent again.
 * @returns takes the frame of the stage
 */
export function showRemote(show: RunOfShowReply) {
  const remote = byId('remote')
  const next = byId<HTMLButtonElement>('remote-next')
  const previous = byId<HTMLButtonElement>('remote-previous')
  const black = byId<HTMLButtonElement>('remote-black')
  const clock = byId<HTMLButtonElement>('remote-clock')
  const said = outcome()
  byId('remote-outcome').append(said.element)
  const driver = showDriver(said)
  const clocks = showClocks(show)
  let deck: DeckShape | null = null
  let slide = ''
  let underWay = false
  let last = { action: '', at: Number.NEGATIVE_INFINITY }

  const planned = (id: string | undefined) => show.slides.find(one => one.slide === id)

  async function command(action: CommandRequest['action'], to?: string) {
    const position = deck?.position
    const at = performance.now()
    if (!position || underWay || (action === last.action && at - last.at < BOUNCE_MS)) return
    last = { action, at }
    lock(true)
    const { revision: meant_for } = position
    const worked = await attempt(said, 'Not done.', async () => {
      const { data } = await server.sendCommand({ action, meant_for, ...(to !== undefined && { to }) })
      driver.take(data)
    })
    // The next press is meant for where the deck is then.
    for (let waited = 0; worked && waited < OBEY_MS; waited += OBEY_STEP_MS) {
      if (deck?.position?.revision !== meant_for) break
      await new Promise(resolve => setTimeout(resolve, OBEY_STEP_MS))
    }
    lock(false)
  }
  function lock(locked: boolean) {
    underWay = locked
    for (const key of [next, previous, black]) setAttribute(key, 'aria-disabled', locked ? 'true' : null)
  }

  onPress(next, () => command('next'))
  onPress(previous, () => command('previous'))
  onPress(black, () => command('pause'))
  onPress(
    clock,
    async () => {
      await attempt(said, 'The clock was not started.', server.startClock)
    },
    1000,
  )
  remote.addEventListener('keydown', event => {
    const action = keys[event.key]
    if (!action || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    if (!event.repeat) (action === 'next' ? next : previous).click()
  })

  function drawSlide(id: string, place: { index: number; slides: number }) {
    if (id === slide) return
    slide = id
    const here: Slide | undefined = planned(id)
    const after = show.slides[show.slides.findIndex(one => one.slide === id) + 1]
    const isLast = place.index + 1 >= place.slides
    setText(byId('remote-slide'), here?.title ?? id)
    setText(
      byId('remote-after'),
      isLast || !here || !after ? (isLast ? 'the end' : 'not planned') : after.title,
    )
    const notes = here?.notes ?? []
    byId('remote-notes').replaceChildren(
      ...(notes.length > 0
        ? notes.map(note => h('p', {}, note))
        : [h('p', { class: 'quiet' }, 'No notes for this slide.')]),
    )
    byId('remote-notes').scrollTop = 0
    setText(byId('remote-said'), `Slide ${place.index + 1} of ${place.slides}: ${here?.title ?? id}`)
  }

  return {
    /** Goes to a slide. */
    go: (to: string) => command('go', to),
    /** @returns whether commands of this browser are obeyed */
    stage(frame: StageFrame): boolean {
      deck = frame.deck
      const { position, started_at } = deck
      const mine = driver.update(deck.driver)
      byId('remote-none').hidden = position !== null
      byId('remote-deck').hidden = position === null
      for (const key of [next, previous, black]) key.disabled = position === null || !mine
      setText(clock, started_at === null ? 'Start the clock' : 'Restart clock')
      clocks(position, started_at)
      if (position === null) {
        slide = ''
        return mine
      }
      drawSlide(position.slide, position)
      const left = position.fragments_left
      setText(byId('remote-place'), `Slide ${position.index + 1} of ${position.slides}`)
      setText(
        byId('remote-steps'),
        left === 0 ? '' : left === 1 ? ', 1 step left on it' : `, ${left} steps left on it`,
      )
      return mine
    },
  }
}
