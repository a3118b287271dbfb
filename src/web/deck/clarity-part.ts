import type { EstateFrame } from '../../estate/api/pipeline.ts'
import type { FleetFrame } from '../../fleet/api.ts'
import { version } from '../api.ts'
import { byId, h, setText } from '../dom.ts'
import { plural, timeOfDay } from '../format.ts'
import { keyedList, type Row } from '../keyed-list.ts'
import { keeper } from './kept.ts'
import type { LivePart } from './live-parts.ts'

const MOST_ROWS = 4

interface Share {
  version: string
  vehicles: number
  of: number
}

function shareRow(first: Share): Row<Share> {
  const bar = h('span', { class: 'mix-bar', 'aria-hidden': 'true' })
  const count = h('span')
  return {
    element: h('li', {}, h('span', {}, first.version), bar, count),
    update({ vehicles, of }) {
      bar.style.inlineSize = `${(100 * vehicles) / of}%`
      setText(count, String(vehicles))
    },
  }
}

function runs(name: string, commit: string | undefined) {
  setText(byId('clarity-version'), name)
  setText(byId('clarity-commit'), commit ? `commit ${commit.slice(0, 12)}` : 'no commit known')
}

const readVersion = () =>
  version().then(
    ({ data }) => runs(data.version, data.commit),
    () => {},
  )

/** @param simulated whether a generator makes most of them */
function beneath({ summary: { servers, containers }, health, simulated }: Omit<EstateFrame, 'at'>): string {
  if (servers.total === 0) return 'No machine is measured yet: npm run estate starts a thousand.'
  const machines = `${plural(servers.total, 'server')}, ${plural(containers.total, 'container')}`
  const score = health.score === null ? 'health unknown' : `health ${Math.round(health.score)} of 100`
  return `Beneath it: ${machines}, ${score}${simulated ? '; simulated' : ''}.`
}

/** One version here, many in the fleet. */
export function clarityPart(): LivePart {
  const rows = keyedList(byId('clarity-mix'), (share: Share) => share.version, shareRow)
  const keep = keeper<FleetFrame>('mix', ({ total }) => total > 0)
  return {
    takes: {
      estate: frame => setText(byId('clarity-estate'), beneath(frame)),
      delivery: ({ running }) => runs(running.version, running.commit),
      fleet(frame) {
        const { shown, isKept } = keep({ ...frame, map: { shown: 0, vehicles: [] } })
        if (!shown || shown.total === 0) {
          setText(
            byId('clarity-words'),
            'No vehicle has reported to this server yet: npm run fleet starts some. Each says its own version with what it sends.',
          )
          return
        }
        const { firmware, total, offline, at } = shown
        rows(firmware.slice(0, MOST_ROWS).map(one => ({ ...one, of: total })))
        const more = firmware.length > MOST_ROWS ? ` (${firmware.length - MOST_ROWS} not shown)` : ''
        const words = `${plural(total, 'vehicle')}, ${plural(firmware.length, 'version')}${more}, ${offline} offline now.`
        setText(byId('clarity-words'), isKept ? `Seen at ${timeOfDay(at)}: ${words}` : words)
      },
    },
    shown() {
      void readVersion()
      return () => {}
    },
    print: readVersion,
  }
}
