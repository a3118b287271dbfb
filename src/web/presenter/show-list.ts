import type { RunOfShowReply } from '../../stage/api.ts'
import { onPress } from '../busy.ts'
import { byId, h, setAttribute, setText } from '../dom.ts'
import { clockWords } from './pace.ts'

/** The run of show as a list that can be gone through and printed. @param go sends the deck to a slide */
export function showList({ slides, total_seconds }: RunOfShowReply, go: (slide: string) => Promise<void>) {
  const details = byId<HTMLDetailsElement>('show')
  let from = 0
  const rows = slides.map(({ slide, title, seconds, notes }, place) => {
    const starts = from
    from += seconds
    const button = h('button', { type: 'button', 'aria-label': `Show slide ${place + 1}: ${title}` }, 'Show')
    onPress(button, () => go(slide))
    const element = h(
      'li',
      {},
      h('span', { class: 'show-from' }, clockWords(starts)),
      h(
        'div',
        {},
        h('h3', {}, `${place + 1}. ${title}`),
        h('p', { class: 'quiet' }, `${clockWords(seconds)} planned`),
        ...notes.map(note => h('p', { class: 'show-note' }, note)),
      ),
      button,
    )
    return { slide, element, button }
  })
  byId('show-list').append(...rows.map(({ element }) => element))
  setText(
    byId('show-note'),
    rows.length === 0
      ? 'The run of show is empty.'
      : `${rows.length} slides, ${clockWords(total_seconds)} in all. At the left: when each begins.`,
  )
  onPress(byId<HTMLButtonElement>('show-print'), async () => print())
  // Paper has no way to open it.
  addEventListener('beforeprint', () => {
    details.open = true
  })
  return (current: string | null, mine: boolean) => {
    for (const { slide, element, button } of rows) {
      setAttribute(element, 'aria-current', slide === current ? 'step' : null)
      button.disabled = current === null || !mine
    }
  }
}
