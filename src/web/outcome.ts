import { h, setAttribute } from './dom.ts'
import type { Explanation } from './explain.ts'

export type Tone = 'good' | 'bad' | 'plain'

/** A polite live region that says what became of the last action. */
export function outcome(): {
  element: HTMLElement
  say: (tone: Tone, words: Explanation) => void
  clear: () => void
} {
  const element = h('p', { class: 'outcome', role: 'status' })
  return {
    element,
    say(tone, { what, advice }) {
      setAttribute(element, 'data-tone', tone)
      element.replaceChildren(h('strong', {}, what), ` ${advice}`)
    },
    clear: () => element.replaceChildren(),
  }
}
