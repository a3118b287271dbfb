import type { FleetFrame } from '../../../fleet/api.ts'
import { byId, h, setAttribute, setText, svg } from '../../dom.ts'
import { share, stateWords, whole } from '../words.ts'

const states = ['online', 'updating', 'offline'] as const
const RADIUS = 43
const CENTRE = 60
/** Between two parts, in hundredths of the ring. */
const GAP = 0.6

/** How many vehicles are online, updating and offline, as a ring with its numbers. */
export function statusRing(): (frame: FleetFrame) => void {
  const parts = states.map(state => {
    const arc = svg('circle', {
      class: `ring-part ring-${state}`,
      cx: CENTRE,
      cy: CENTRE,
      r: RADIUS,
      pathLength: 100,
      transform: `rotate(-90 ${CENTRE} ${CENTRE})`,
    })
    const count = h('dd')
    const mark = h('span', { class: `mark mark-${state}`, 'aria-hidden': 'true' })
    return { state, arc, count, row: [h('dt', {}, mark, stateWords[state]), count] }
  })
  const number = svg('text', { x: CENTRE, y: CENTRE + 3, class: 'donut-number' }, '–')
  const caption = svg('text', { x: CENTRE, y: CENTRE + 19, class: 'donut-caption' }, 'vehicles')
  byId('status').append(
    svg(
      'svg',
      { class: 'donut', viewBox: '0 0 120 120', 'aria-hidden': 'true', focusable: 'false' },
      svg('circle', { class: 'ring-ground', cx: CENTRE, cy: CENTRE, r: RADIUS }),
      ...parts.map(({ arc }) => arc),
      number,
      caption,
    ),
    h('dl', { class: 'pairs' }, ...parts.flatMap(({ row }) => row)),
  )
  return frame => {
    setText(number, whole(frame.total))
    const before = { hundredths: 0 }
    for (const { state, arc, count } of parts) {
      const size = frame.total === 0 ? 0 : (100 * frame[state]) / frame.total
      const gap = size > 2 * GAP && size < 100 ? GAP : 0
      setAttribute(arc, 'stroke-dasharray', `${Math.max(0, size - gap)} 100`)
      setAttribute(arc, 'stroke-dashoffset', String(-before.hundredths))
      before.hundredths += size
      setText(count, `${whole(frame[state])} · ${share(frame[state], frame.total)}`)
    }
  }
}
