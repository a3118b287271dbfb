import type { Region } from '../../../vehicle/equipment.ts'
import { byId, h, setAttribute, setText } from '../../dom.ts'
import { places, regionNames } from '../places.ts'
import { whole } from '../words.ts'
import type { Cluster } from './clusters.ts'

/** The map in numbers: the regions, each with a button that shows it on the map. */
export function regionTable(choose: (region: Region | null) => void) {
  const rows = new Map(
    regionNames.map(region => {
      const button = h(
        'button',
        { type: 'button', class: 'region', 'aria-pressed': 'false' },
        places[region].name,
      )
      button.addEventListener('click', () =>
        choose(button.getAttribute('aria-pressed') === 'true' ? null : region),
      )
      const cells = { total: h('td'), online: h('td'), updating: h('td'), offline: h('td') }
      for (const cell of Object.values(cells)) cell.className = 'number'
      byId('regions').append(h('tr', {}, h('th', { scope: 'row' }, button), ...Object.values(cells)))
      return [region, { button, cells }]
    }),
  )
  return {
    update(clusters: Cluster[]) {
      for (const { region, total, states } of clusters) {
        const cells = rows.get(region)?.cells
        if (!cells) continue
        setText(cells.total, whole(total))
        setText(cells.online, whole(states.online))
        setText(cells.updating, whole(states.updating))
        setText(cells.offline, whole(states.offline))
      }
    },
    mark(chosen: Region | null) {
      for (const [region, { button }] of rows) setAttribute(button, 'aria-pressed', String(region === chosen))
    },
    /** Puts the keyboard back to where it came from. */
    focus(region: Region | null) {
      if (region) rows.get(region)?.button.focus()
    },
  }
}
