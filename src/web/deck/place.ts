import type { DeckReply, PositionRequest } from '../../stage/api.ts'
import { recall, remember } from '../memory.ts'
import { randomKey } from '../random.ts'
import type { Deck } from './reveal.ts'

const LEFT = 'deck.left'

/** Names this window, also after a reload. */
export function windowId(): string {
  try {
    const known = sessionStorage.getItem('twinloop.deck') ?? randomKey()
    sessionStorage.setItem('twinloop.deck', known)
    return known
  } catch {
    return randomKey()
  }
}

/** Where the deck stands now. @param me the window */
export function placeOf(deck: Deck, me: string): Omit<PositionRequest, 'claim'> {
  const slide = deck.getCurrentSlide()
  const left = slide.querySelectorAll('.fragment:not(.visible)').length
  const slides = deck.getSlides().length
  return { deck: me, slide: slide.id, index: deck.getIndices().h, slides, fragments_left: left }
}

type Place = ReturnType<typeof placeOf>

/**
 * Notes, when this window is closed, where it stood: the next one in this browser goes on from there.
 * @param placeNow null: it does not have the remote
 */
export function noteWhenLeft(placeNow: () => Place | null): void {
  addEventListener('pagehide', () => {
    const place = placeNow()
    if (place) remember(LEFT, place)
  })
  // It was only put aside, and is back.
  addEventListener('pageshow', ({ persisted }) => persisted && remember(LEFT, null))
}

/**
 * Where a new window goes on, if the one before it was closed in this browser. While the talk's clock runs that is so
 * for long; else as long as the server takes the closed window to be there.
 * @returns null: another window has the deck, or nobody has
 */
export function placeLeft({ position, started_at: startedAt }: DeckReply, me: string): Place | null {
  const left = recall<Place>(LEFT)
  remember(LEFT, null)
  if (position) return [me, left?.deck].includes(position.deck) ? position : null
  return startedAt === null ? null : left
}

/** Goes to a place, with the fragments that were shown there. */
export function goToPlace(deck: Deck, { slide: id, fragments_left: left }: Place): void {
  const index = deck.getSlides().findIndex(slide => slide.id === id)
  const fragments = deck.getSlides()[index]?.querySelectorAll('.fragment').length ?? 0
  if (index >= 0) deck.slide(index, 0, fragments - left - 1)
}
