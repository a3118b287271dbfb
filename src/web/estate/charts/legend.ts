import { h, svg } from '../../dom.ts'
import type { Line } from '../series.ts'

/** The dashes of a line, in CSS pixels. */
export const DASHES = [7, 4]

/** A piece of a line as it is drawn. */
export const swatch = ({ colour, dashed = false }: Line): SVGSVGElement =>
  svg(
    'svg',
    { class: 'swatch-line', viewBox: '0 0 28 10', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', {
      class: `stroke-${colour}`,
      d: 'M0 5H28',
      ...(dashed && { 'stroke-dasharray': DASHES.join(' ') }),
    }),
  )

/** Which line is which. */
export const legendOf = (lines: readonly Line[]): HTMLElement[] =>
  lines.map(line => h('li', {}, swatch(line), line.name))
