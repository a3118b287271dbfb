import { h, setAttribute, setText, svg } from '../dom.ts'
import { rate } from '../format.ts'

const WIDTH = 540
const TOP = 34
const FOOT = 34

/** The next round number that is not below a value, so that the scale seldom moves. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return (
    [1, 1.2, 1.5, 2, 3, 4, 5, 6, 8, 10].map(step => step * power).find(step => step >= value * 0.999) ?? value
  )
}

export interface PlotOptions {
  kind: 'line' | 'bars'
  unit: string
  /** What stands below, at left and at right. */
  from: string
  to: string
  height: number
  /** Said in the picture when there is nothing to draw. */
  none: string
  car?: boolean
  /** The scale reaches at least so far: what is rare looks rare. */
  least?: number
}

/** A series as a line or as bars, large enough for the back row. null: a gap. */
export function plot(parent: HTMLElement, options: PlotOptions): (values: (number | null)[]) => void {
  const { kind, unit, from, to, height, car = false, least = 0 } = options
  const bottom = height - FOOT
  const drawing = svg('path', { class: `${kind === 'line' ? 'plot-line' : 'plot-bar'}${car ? ' car' : ''}` })
  const scale = svg('text', { class: 'plot-word', x: 0, y: 22 })
  const none = svg(
    'text',
    { class: 'plot-word', x: WIDTH / 2, y: (TOP + bottom) / 2 + 8, 'text-anchor': 'middle' },
    options.none,
  )
  const summary = h('p', { class: 'race-hidden' })
  const words = { class: 'plot-word', y: height - 4 }
  parent.append(
    svg(
      'svg',
      { viewBox: `0 0 ${WIDTH} ${height}`, 'aria-hidden': 'true', focusable: 'false' },
      svg('path', { class: 'plot-grid', d: `M0 ${TOP}H${WIDTH}M0 ${bottom}H${WIDTH}` }),
      drawing,
      scale,
      none,
      svg('text', { ...words, x: 0 }, from),
      svg('text', { ...words, x: WIDTH, 'text-anchor': 'end' }, to),
    ),
    summary,
  )
  return values => {
    const known = values.filter(value => value !== null)
    const highest = Math.max(0, ...known)
    const most = highest > 0 ? Math.max(least, roundUp(highest)) : 1
    const y = (value: number) => bottom - (Math.min(value, most) / most) * (bottom - TOP)
    const step = WIDTH / Math.max(values.length - (kind === 'line' ? 1 : 0), 1)
    let pen = 'M'
    const pieces = values.map((value, index) => {
      if (value === null || (kind === 'bars' && value === 0)) {
        pen = 'M'
        return ''
      }
      const x = (index * step).toFixed(1)
      if (kind === 'bars')
        return `M${x} ${bottom}V${y(value).toFixed(1)}h${Math.max(1, step - 1.2).toFixed(1)}V${bottom}Z`
      const point = `${pen}${x} ${y(value).toFixed(1)}`
      pen = 'L'
      return point
    })
    setAttribute(none, 'visibility', highest > 0 ? 'hidden' : null)
    setAttribute(drawing, 'd', pieces.join(''))
    setText(scale, highest > 0 ? `${rate(most)} ${unit}` : '')
    setText(
      summary,
      known.length > 0 ? `At most ${rate(highest)} ${unit}, last ${rate(known.at(-1) ?? 0)}.` : 'No values.',
    )
  }
}
