import type uPlot from 'uplot'
import { h, setText } from '../../dom.ts'
import type { Line, Value } from '../series.ts'
import { swatch } from './legend.ts'

const AWAY = 14
const atTime = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/** The values under the cursor, beside it. @param lines of the chart, in the order of its series */
export function tooltip(lines: readonly Line[], write: (value: Value) => string): uPlot.Plugin {
  const when = h('p', { class: 'tip-time' })
  const values = lines.map(() => h('dd'))
  const element = h(
    'div',
    { class: 'tip', 'aria-hidden': 'true', hidden: true },
    when,
    h(
      'dl',
      {},
      ...lines.flatMap((line, index) => [h('dt', {}, swatch(line), line.name), values[index] ?? null]),
    ),
  )
  function place({ cursor, over, data }: uPlot) {
    const { idx, left = -1 } = cursor
    const time = idx == null ? undefined : data[0][idx]
    element.hidden = time === undefined || left < 0
    if (element.hidden || time === undefined || idx == null) return
    setText(when, atTime.format(new Date(time * 1000)))
    for (const [index, value] of values.entries()) {
      const now = data[index + 1]?.[idx] ?? null
      setText(value, now === null ? 'no data' : write(now))
    }
    const isRight = left > over.clientWidth / 2
    element.style.insetInlineStart = isRight ? '' : `${left + AWAY}px`
    element.style.insetInlineEnd = isRight ? `${over.clientWidth - left + AWAY}px` : ''
  }
  return { hooks: { init: [({ over }) => over.append(element)], setCursor: [place], setData: [place] } }
}
