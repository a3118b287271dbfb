import type { FleetFrame } from '../../fleet/api.ts'
import { byId, h, setText } from '../dom.ts'
import { rate } from '../format.ts'
import { share, whole } from './words.ts'

interface Tile {
  label: string
  number: (frame: FleetFrame) => number | null
  note: (frame: FleetFrame) => string
}

const release = ({ latest_version }: FleetFrame) =>
  latest_version === null ? 'no release yet' : latest_version

const tiles: Tile[] = [
  {
    label: 'Vehicles',
    number: ({ total }) => total,
    note: ({ total, map }) => (total === 0 ? 'none reported yet' : `${whole(map.shown)} on the map`),
  },
  {
    label: 'Online',
    number: ({ online }) => online,
    note: ({ online, total }) => (total === 0 ? 'none reported yet' : `${share(online, total)} of all`),
  },
  {
    label: 'Updating',
    number: ({ updating }) => updating,
    note: ({ updating, total }) => (total === 0 ? 'none reported yet' : `${share(updating, total)} of all`),
  },
  {
    label: 'Eligible now',
    number: ({ eligible }) => eligible,
    note: frame => (frame.latest_version === null ? release(frame) : `for ${release(frame)}`),
  },
  {
    label: 'Up to date',
    number: ({ up_to_date }) => up_to_date,
    note: frame =>
      frame.up_to_date === null
        ? release(frame)
        : `${share(frame.up_to_date, frame.total)} run ${release(frame)}`,
  },
  {
    label: 'Messages/s',
    number: ({ ingest }) => ingest.messages_per_second,
    note: ({ ingest }) =>
      ingest.telemetry_delay_p95_ms === null
        ? 'in the last 10 s'
        : `p95 delay ${rate(ingest.telemetry_delay_p95_ms)} ms`,
  },
  {
    label: 'Dead letters',
    number: ({ ingest }) => ingest.dead_letters,
    note: () => 'since the start',
  },
]

const written = (value: number) => (value >= 100 ? whole(Math.round(value)) : rate(value))

/** The numbers at the top. What is not known is a dash, and says why. */
export function showTiles(): (frame: FleetFrame) => void {
  const shown = tiles.map(tile => {
    const number = h('strong', { class: 'tile-number' }, '–')
    const note = h('span', { class: 'tile-unit' }, 'not known yet')
    byId('tiles').append(
      h('li', { class: 'card tile' }, h('span', { class: 'tile-label' }, tile.label), number, note),
    )
    return { tile, number, note }
  })
  return frame => {
    for (const { tile, number, note } of shown) {
      const value = tile.number(frame)
      setText(number, value === null ? '–' : written(value))
      setText(note, tile.note(frame))
    }
  }
}
