import { byId, h, setAttribute, setText } from '../../dom.ts'
import { levelOf, levelWords, thresholds } from '../levels.ts'
import { percent } from '../words.ts'

const names = { cpu: 'CPU', memory: 'Memory', disk: 'Disk' } as const
type Values = Record<keyof typeof names, number | null>

/** CPU, memory and disk, each with the marks from which it is high and critical. */
export function showMeters(): (values: Values) => void {
  const shown = (Object.keys(names) as (keyof typeof names)[]).map(name => {
    const { high, critical } = thresholds[name]
    const [value, word] = [
      h('strong', { class: 'meter-value' }, '–'),
      h('span', { class: 'word' }, 'no data'),
    ]
    const fill = h('span', { class: 'fill' })
    const marks = [high, critical].map(at => {
      const mark = h('span', { class: 'threshold' })
      mark.style.insetInlineStart = `${at}%`
      return mark
    })
    const element = h(
      'div',
      { class: 'meter' },
      h('p', { class: 'meter-head' }, h('span', { class: 'meter-name' }, names[name]), value, ' ', word),
      h('div', { class: 'track', 'aria-hidden': 'true' }, fill, ...marks),
      h('p', { class: 'quiet' }, `high over ${high} %, critical over ${critical} %`),
    )
    byId('meters').append(element)
    return { name, element, value, word, fill }
  })
  return values => {
    for (const { name, element, value, word, fill } of shown) {
      const now = values[name]
      const level = levelOf(now, thresholds[name])
      setAttribute(element, 'data-level', level)
      setText(value, percent(now))
      setText(word, levelWords[level])
      fill.style.inlineSize = `${now ?? 0}%`
    }
  }
}
