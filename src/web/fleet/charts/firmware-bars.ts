import type { FleetFrame } from '../../../fleet/api.ts'
import { byId, h, setText } from '../../dom.ts'
import { keyedList, type Row } from '../../keyed-list.ts'
import { share, whole } from '../words.ts'

interface Bar {
  version: string
  vehicles: number
  total: number
  most: number
  latest: boolean
}

/** More versions than this are summed up in one bar. */
const BARS_MAX = 8

function barRow({ version }: Bar): Row<Bar> {
  const fill = h('span', { class: 'fill' })
  const count = h('span', { class: 'firmware-count' })
  const badge = h('span', { class: 'badge' }, 'latest')
  const element = h(
    'li',
    {},
    h('span', { class: 'firmware-name' }, version, ' ', badge),
    count,
    h('span', { class: 'track', 'aria-hidden': 'true' }, fill),
  )
  return {
    element,
    update({ vehicles, total, most, latest }) {
      badge.hidden = !latest
      element.classList.toggle('is-latest', latest)
      fill.style.inlineSize = `${(100 * vehicles) / most}%`
      setText(count, `${whole(vehicles)} · ${share(vehicles, total)}`)
    },
  }
}

/** Which firmware runs in how many vehicles, the most frequent first. */
export function firmwareBars(): (frame: FleetFrame) => void {
  const bars = keyedList(byId('firmware'), (bar: Bar) => bar.version, barRow)
  return ({ firmware, total, latest_version }) => {
    const sorted = Array.from(firmware).sort((a, b) => b.vehicles - a.vehicles)
    const rest = sorted.splice(sorted.length > BARS_MAX ? BARS_MAX - 1 : BARS_MAX)
    if (rest.length > 0)
      sorted.push({
        version: `${rest.length} other versions`,
        vehicles: rest.reduce((sum, { vehicles }) => sum + vehicles, 0),
      })
    const most = Math.max(1, ...sorted.map(({ vehicles }) => vehicles))
    bars(sorted.map(bar => ({ ...bar, total, most, latest: bar.version === latest_version })))
    byId('firmware-none').hidden = sorted.length > 0
  }
}
