import { h, setAttribute, setText } from '../dom.ts'
import { whole } from './words.ts'

interface Part {
  level: 'good' | 'fair' | 'poor' | 'unknown'
  name: string
}

/** A whole and its parts, as one bar with a legend that has the numbers. */
export function partsBar(parent: HTMLElement, parts: readonly Part[]): (counts: (number | null)[]) => void {
  const shown = parts.map(({ level, name }) => ({
    piece: h('span', { class: 'part', 'data-level': level }),
    count: h('dd'),
    term: h('dt', {}, h('span', { class: 'mark', 'data-level': level, 'aria-hidden': 'true' }), name),
  }))
  parent.append(
    h('div', { class: 'parts', 'aria-hidden': 'true' }, ...shown.map(({ piece }) => piece)),
    h('dl', { class: 'parts-list' }, ...shown.map(({ term, count }) => h('div', {}, term, count))),
  )
  return counts => {
    for (const [index, { piece, count }] of shown.entries()) {
      const number = counts[index] ?? null
      piece.style.flexGrow = String(number ?? 0)
      setAttribute(piece, 'hidden', number ? null : '')
      setText(count, whole(number))
    }
  }
}
