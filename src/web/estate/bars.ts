import { h, setAttribute, setText } from '../dom.ts'
import { keyedList, type Row } from '../keyed-list.ts'
import type { Level } from './levels.ts'

/** One line with a name, what it amounts to, and a bar. */
export interface Bar {
  name: string
  /** Beside the name, in small. */
  note?: string
  words: string
  /** From 0 to 1; null: nothing is known, and nothing is drawn. */
  share: number | null
  level?: Level
}

function barRow({ name }: Bar): Row<Bar> {
  const note = h('span', { class: 'bar-note' })
  const words = h('span', { class: 'bar-words' })
  const fill = h('span', { class: 'fill' })
  const element = h(
    'li',
    {},
    h('span', { class: 'bar-name' }, name, ' ', note),
    words,
    h('span', { class: 'track', 'aria-hidden': 'true' }, fill),
  )
  return {
    element,
    update(bar) {
      setAttribute(element, 'data-level', bar.level ?? null)
      setText(note, bar.note ?? '')
      setText(words, bar.words)
      fill.style.inlineSize = `${Math.min(1, Math.max(0, bar.share ?? 0)) * 100}%`
    },
  }
}

/** A small bar chart that is a list. @param none said in its place when it is empty */
export function bars(parent: HTMLElement, none: string): (items: readonly Bar[]) => void {
  const list = h('ul', { class: 'bars' })
  const empty = h('p', { class: 'quiet', hidden: true }, none)
  parent.append(empty, list)
  const rows = keyedList(list, (bar: Bar) => bar.name, barRow)
  return items => {
    empty.hidden = items.length > 0
    list.hidden = items.length === 0
    rows(items)
  }
}
