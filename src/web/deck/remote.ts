import type { CommandRequest, DeckReply, StageFrame } from '../../stage/api.ts'
import { call, session } from '../api.ts'
import { byId, setAttribute, setText } from '../dom.ts'
import { Problem } from '../problem.ts'
import { goToPlace, noteWhenLeft, placeLeft, placeOf, windowId } from './place.ts'
import type { Deck } from './reveal.ts'

/** The server takes a window that is silent for 20 s to be closed. */
const EVERY_MS = 5000

/**
 * Lets the presenter's remote turn this deck: tells where it stands, and obeys commands that were meant
 * for where it stands. Only in a browser that the presenter has signed in; elsewhere nothing happens. A deck that was
 * closed in this browser goes on where it stood.
 * @param isSent whether the address names a slide, which then is the one to show
 * @param listen wants the topic `stage` from then on
 */
export async function followRemote(
  deck: Deck,
  isSent: boolean,
  listen: (take: (frame: StageFrame) => void) => void,
): Promise<void> {
  const { data } = await session()
  if (!data.presenter) return
  const me = windowId()
  const button = byId('follow')
  let follows = true
  let revision = -1
  let seen: number | null = null
  let isTelling = false
  let isStale = false

  function showState() {
    button.hidden = false
    setText(button, follows ? 'Remote on' : 'Follow the remote')
    setAttribute(button, 'data-following', follows ? '' : null)
    setAttribute(button, 'aria-disabled', follows ? 'true' : null)
  }

  function heard(reply: DeckReply) {
    revision = reply.position?.revision ?? revision
    // What was commanded before this window was there is not for it.
    seen ??= reply.command?.seq ?? 0
  }

  async function tell(claim = false) {
    if (!follows && !claim) return
    isStale = isTelling
    if (isTelling) return
    isTelling = true
    try {
      do {
        isStale = false
        const body = { ...placeOf(deck, me), claim }
        const { data } = await call<DeckReply>('/deck/position', { method: 'POST', body })
        heard(data)
        follows = true
      } while (isStale)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      // No answer: the next beat tries again.
      if (error.reason === 'deck_elsewhere') follows = false
    } finally {
      isTelling = false
      showState()
    }
  }

  const deeds: Record<CommandRequest['action'], (to: string | null) => void> = {
    next: () => deck.next(),
    previous: () => deck.prev(),
    pause: () => deck.togglePause(),
    go: to => {
      const index = to === null ? 0 : deck.getSlides().findIndex(({ id }) => id === to)
      if (index >= 0) deck.slide(index)
    },
  }

  function take({ deck: { position: shown, command } }: StageFrame) {
    if (isTelling) return
    if (shown && shown.deck !== me) {
      follows = false
      return showState()
    }
    // Nobody shows the deck: the window that did was closed, or the server is new.
    if (!shown) {
      follows = true
      return void tell()
    }
    revision = shown.revision
    if (!command || seen === null || command.seq <= seen) return
    seen = command.seq
    if (command.meant_for === revision) deeds[command.action](command.to)
  }

  const left = await call<DeckReply>('/deck').then(
    ({ data: known }) => placeLeft(known, me),
    () => null,
  )
  if (left && !isSent) goToPlace(deck, left)
  button.addEventListener('click', () => void (follows || tell(true)))
  for (const event of ['slidechanged', 'fragmentshown', 'fragmenthidden'] as const)
    deck.on(event, () => void tell())
  noteWhenLeft(() => (follows ? placeOf(deck, me) : null))
  setInterval(() => void tell(), EVERY_MS)
  await tell(left !== null)
  listen(take)
}
