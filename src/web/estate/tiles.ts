import { byId, h, setAttribute, setText } from '../dom.ts'
import type { Level } from './levels.ts'

/** One large number. */
export interface Tile<Source> {
  label: string
  number: (source: Source) => string
  note: (source: Source) => string
  level?: (source: Source) => Level
}

/** The numbers at the top of a view. What is not known is a dash, and says why. */
export function tiles<Source>(id: string, wanted: readonly Tile<Source>[]): (source: Source) => void {
  const shown = wanted.map(tile => {
    const number = h('strong', { class: 'tile-number' }, '–')
    const note = h('span', { class: 'tile-unit' }, 'not known yet')
    const element = h(
      'li',
      { class: 'card tile' },
      h('span', { class: 'tile-label' }, tile.label),
      number,
      note,
    )
    byId(id).append(element)
    return { tile, element, number, note }
  })
  return source => {
    for (const { tile, element, number, note } of shown) {
      setText(number, tile.number(source))
      setText(note, tile.note(source))
      setAttribute(element, 'data-level', tile.level?.(source) ?? null)
    }
  }
}
