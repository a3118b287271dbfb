/** Lines over time. */
import uPlot from 'uplot'
import { h, setText } from '../../dom.ts'
import { isEmpty, type Line, lonePoints, type Picture, pictureWords, roundUp, type Value } from '../series.ts'
import { axes } from './axes.ts'
import { DASHES, legendOf } from './legend.ts'
import { colour, onColours, veiled } from './theme.ts'
import { tooltip } from './tooltip.ts'

interface Look {
  /** Puts a value and its unit into words. */
  write: (value: Value) => string
  /** Said in its place when there is nothing to draw. */
  none: string
  isTall?: boolean
  /** The top of the scale; left out: what the lines need. */
  most?: number
  /** The edges of a band: lines that are drawn as a filled ground, by their names. */
  band?: { low: string; high: string; name: string }
}

/** In CSS pixels. */
const HEIGHT = { phone: 200, usual: 260, tall: 400 }
const PHONE = '(width < 40rem)'
const LONE_POINT = 5

/** Draws lines, with a legend, a tooltip and a sentence for those who do not see them. @returns draws anew */
export function trendChart(parent: HTMLElement, look: Look): (picture: Picture) => void {
  const frame = h('div', { class: 'plot', 'aria-hidden': 'true' })
  const legend = h('ul', { class: 'legend' })
  const none = h('p', { class: 'plot-none quiet', hidden: true }, look.none)
  const summary = h('p', { class: 'visually-hidden' })
  parent.append(frame, none, legend, summary)
  let chart: uPlot | null = null
  let drawn = ''
  let span = { from: 0, to: 1 }
  const size = () => ({
    width: frame.clientWidth,
    height: matchMedia(PHONE).matches ? HEIGHT.phone : HEIGHT[look.isTall ? 'tall' : 'usual'],
  })
  const inBand = ({ name }: Line) => look.band !== undefined && [look.band.low, look.band.high].includes(name)

  function make(picture: Picture, data: uPlot.AlignedData) {
    chart?.destroy()
    const { lines } = picture
    const band = look.band
    const numberOf = (name: string) => lines.findIndex(line => line.name === name) + 1
    const options: uPlot.Options = {
      ...size(),
      padding: [8, 18, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, points: { size: 8 } },
      scales: {
        x: { range: () => [span.from, span.to] },
        y: { range: (_, _low, high) => [0, look.most ?? roundUp((high ?? 0) * 1.05)] },
      },
      axes: axes(look.write),
      series: [{}, ...lines.map(line => series(line, inBand(line)))],
      plugins: [tooltip(lines, look.write)],
      ...(band &&
        numberOf(band.high) > 0 && {
          bands: [{ series: [numberOf(band.high), numberOf(band.low)], fill: () => veiled('chart-2', 0.18) }],
        }),
    }
    chart = new uPlot(options, data, frame)
    const named = lines.filter(line => !inBand(line))
    legend.replaceChildren(
      ...(lines.length > 1 ? legendOf(named) : []),
      ...(band ? [h('li', {}, h('span', { class: 'swatch-band', 'aria-hidden': 'true' }), band.name)] : []),
    )
  }

  onColours(() => chart?.redraw(false))
  const fit = () => {
    if (chart && frame.clientWidth > 0 && frame.clientWidth !== chart.width) chart.setSize(size())
  }
  // Not at once: a size that changes while sizes are observed is an error to browsers.
  new ResizeObserver(() => requestAnimationFrame(fit)).observe(frame)

  return picture => {
    const nothing = isEmpty(picture)
    none.hidden = !nothing
    for (const part of [frame, legend]) part.hidden = nothing
    setText(summary, nothing ? '' : pictureWords(picture, look.write))
    if (nothing) return
    span = picture
    const data: uPlot.AlignedData = [picture.times, ...picture.lines.map(({ values }) => values)]
    const kind = JSON.stringify(picture.lines.map(({ name, colour, dashed }) => [name, colour, dashed]))
    if (chart && kind === drawn) chart.setData(data)
    else make(picture, data)
    drawn = kind
  }
}

const series = ({ name, colour: number, dashed = false }: Line, isEdge: boolean): uPlot.Series => ({
  label: name,
  stroke: () => (isEdge ? veiled('chart-2', 0.5) : colour(`chart-${number}`)),
  width: isEdge ? 1 : 2,
  ...(dashed && { dash: DASHES }),
  // A lone point between two gaps has no line: without a dot it would not be seen.
  points: {
    size: LONE_POINT,
    show: true,
    fill: () => colour(`chart-${number}`),
    filter: (chart, index) => lonePoints(chart.data[index] ?? []),
  },
})
