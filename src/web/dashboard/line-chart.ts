import { h, setAttribute, setText, svg } from '../dom.ts'
import { rate } from '../format.ts'

/** One line of a chart; null values leave a gap. */
export interface Line {
  name: string
  /** The class that gives it its colour and dashes. */
  style: string
  values: (number | null)[]
}

const WIDTH = 600
const HEIGHT = 160
const TOP = 8

const path = (values: (number | null)[], most: number): string => {
  const step = WIDTH / Math.max(values.length - 1, 1)
  let pen = 'M'
  return values
    .map((value, index) => {
      if (value === null) {
        pen = 'M'
        return ''
      }
      const point = `${pen}${(index * step).toFixed(1)} ${(HEIGHT - (value / most) * (HEIGHT - TOP)).toFixed(1)}`
      pen = 'L'
      return point
    })
    .join('')
}

/** The next of 1, 2, 5, 10, 20 … that is not below a value, so that the scale seldom moves. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value * 0.999) ?? value
}

/**
 * Draws lines over the last five minutes into an element, with a legend and a sentence for who cannot see.
 * @param unit of the values, for the scale and the sentence
 */
export function lineChart(parent: HTMLElement, unit: string): (lines: Line[]) => void {
  const scale = h('p', { class: 'chart-scale' })
  const drawing = svg('svg', {
    class: 'chart',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  })
  const legend = h('ul', { class: 'legend' })
  const summary = h('figcaption', { class: 'visually-hidden' })
  const times = h('p', { class: 'chart-times' }, h('span', {}, '5 min ago'), h('span', {}, 'now'))
  parent.append(scale, drawing, times, legend, summary)
  for (const share of [0, 0.5, 1]) {
    const y = HEIGHT - share * (HEIGHT - TOP)
    drawing.append(svg('line', { class: 'chart-grid', x1: 0, x2: WIDTH, y1: y, y2: y }))
  }
  const paths = new Map<string, SVGPathElement>()

  return lines => {
    const known = lines.flatMap(({ values }) => values).filter(value => value !== null)
    const top = Math.max(...known, 0)
    const most = top > 0 ? roundUp(top) : 1
    setText(scale, `${rate(most)} ${unit}`)
    for (const { name, style, values } of lines) {
      let line = paths.get(name)
      if (!line) {
        line = svg('path', { class: `line ${style}`, 'vector-effect': 'non-scaling-stroke' })
        paths.set(name, line)
        drawing.append(line)
        const sample = svg('path', { class: `line ${style}`, d: 'M0 5H28' })
        const key = svg('svg', { class: 'legend-line', viewBox: '0 0 28 10', 'aria-hidden': 'true' }, sample)
        if (lines.length > 1) legend.append(h('li', {}, key, name))
      }
      setAttribute(line, 'd', path(values, most))
    }
    const said = lines.map(({ name, values }) => {
      const measured = values.filter(value => value !== null)
      return measured.length === 0
        ? `${name}: none`
        : `${name}: at most ${rate(Math.max(...measured))} ${unit}`
    })
    setText(summary, `${said.join(', ')}.`)
  }
}
