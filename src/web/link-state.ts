import { setAttribute, setText } from './dom.ts'
import type { LinkState } from './live.ts'

const words: Record<LinkState, string> = {
  connecting: 'Connecting…',
  live: 'Live',
  reconnecting: 'Reconnecting…',
  polling: 'Live, every 3 s',
  paused: 'Paused',
}

/** Shows in the header how fresh the page is. The element is a polite live region. */
export function showLinkState(element: HTMLElement): (state: LinkState) => void {
  return state => {
    setAttribute(element, 'data-state', state)
    setText(element, words[state])
  }
}
