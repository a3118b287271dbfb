import type { CommandRequest, DeckReply, PositionRequest, StageFrame } from '../../stage/api.ts'
import { call, session } from '../api.ts'
import { byId, setAttribute, setText } from '../dom.ts'
import { Problem } from '../problem.ts'
import { randomKey } from '../random.ts'
import type { Deck } from './reveal.ts'

/** The server takes a window that is silent for 20 s to be closed. */
const EVERY_MS = 5000

/** Names this window, also after a reload. */
function windowId(): string {
  try {
    const known = sessionStorage.getItem('twinloop.deck') ?? randomKey()
    sessionStorage.setItem('twinloop.deck', known)
    return known
  } catch {
    return randomKey()
  }
}

/**
 * Lets the presenter's remote turn this deck: tells where it stands, and obeys commands that were meant
 * for where it stands. Only in a browser that the presenter has signed in; elsewhere nothing happens.
 * @param listen wants the topic `stage` from then on
 */
export async function followRemote(
  deck: Deck,
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

  function position(claim: boolean): PositionRequest {
    const slide = deck.getCurrentSlide()
    const left = slide.querySelectorAll('.fragment:not(.visible)').length
    const slides = deck.getSlides().length
    return { deck: me, slide: slide.id, index: deck.getIndices().h, slides, fragments_left: left, claim }
  }

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
        const { data } = await call<DeckReply>('/deck/position', { method: 'POST', body: position(claim) })
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

  button.addEventListener('click', () => void (follows || tell(true)))
  for (const event of ['slidechanged', 'fragmentshown', 'fragmenthidden'] as const)
    deck.on(event, () => void tell())
  setInterval(() => void tell(), EVERY_MS)
  await tell()
  listen(take)
}
