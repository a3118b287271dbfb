import type { ActivityFrame } from '../../licensing/api.ts'
import { byId, h, setText } from '../dom.ts'
import { rate } from '../format.ts'

interface Tile {
  label: string
  unit: string
  value: (frame: ActivityFrame) => number | null
}

const tiles: Tile[] = [
  { label: 'Borrows', unit: 'a second', value: frame => frame.borrows_per_second },
  { label: 'Returns', unit: 'a second', value: frame => frame.returns_per_second },
  { label: 'Denials', unit: 'a second', value: frame => frame.denials_per_second },
  { label: 'Half of borrows within', unit: 'ms (p50)', value: frame => frame.latency_ms?.p50 ?? null },
  { label: '95 % within', unit: 'ms (p95)', value: frame => frame.latency_ms?.p95 ?? null },
  { label: '99 % within', unit: 'ms (p99)', value: frame => frame.latency_ms?.p99 ?? null },
]

/** The six numbers at the top. What was not measured says so. */
export function showTiles(): (frame: ActivityFrame) => void {
  const shown = tiles.map(({ label, unit, value }) => {
    const number = h('strong', { class: 'tile-number' }, '–')
    const note = h('span', { class: 'tile-unit' }, unit)
    byId('tiles').append(
      h('li', { class: 'card tile' }, h('span', { class: 'tile-label' }, label), number, note),
    )
    return { number, note, unit, value }
  })
  return frame => {
    for (const { number, note, unit, value } of shown) {
      const now = value(frame)
      setText(number, now === null ? '–' : rate(now))
      setText(note, now === null ? 'no borrow yet' : unit)
    }
  }
}
