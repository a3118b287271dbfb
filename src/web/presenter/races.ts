import type { RaceShape, RacesReply } from '../../race/api.ts'
import { byId, h, setText } from '../dom.ts'
import { duration, timeOfDay } from '../format.ts'
import { Problem } from '../problem.ts'
import { report } from '../report-errors.ts'
import { adviceFor } from './attempt.ts'
import * as server from './requests.ts'

const SHOWN_MAX = 8
type Kept = RacesReply['races'][number]

/** How long each took to recover; null while neither has. */
function recovery({ table }: Kept): string | null {
  const row = table.find(({ measure }) => measure === 'recover')
  if (!row || (row.cloud === null && row.vehicle === null)) return null
  const took = (ms: number | null) => (ms === null ? 'not' : `in ${duration(ms / 1000)}`)
  return `recovered live ${took(row.cloud)}, simulated ${took(row.vehicle)}`
}

function kept(race: Kept): HTMLElement {
  const { id, started_at, state } = race
  const recovered = recovery(race)
  const when = timeOfDay(started_at)
  return h(
    'li',
    {},
    h('span', {}, `${when}, ${state}`, recovered !== null && h('span', { class: 'quiet' }, `: ${recovered}`)),
    h(
      'a',
      { href: `/race?id=${encodeURIComponent(id)}`, 'aria-label': `The race of ${when} as a page` },
      'Page',
    ),
    h('a', { href: server.raceFile(id), 'aria-label': `The race of ${when} as JSON`, download: '' }, 'JSON'),
  )
}

/** The runs that are kept, read anew whenever one begins or ends. @returns takes the race of a frame */
export function showRaces(): (race: RaceShape | null) => void {
  async function read() {
    try {
      const { races } = (await server.races()).data
      byId('races').replaceChildren(...races.slice(0, SHOWN_MAX).map(kept))
      const more = races.length - SHOWN_MAX
      setText(
        byId('races-note'),
        races.length === 0 ? 'None yet: each run is kept.' : more > 0 ? `And ${more} older ones.` : '',
      )
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      setText(byId('races-note'), `The kept runs could not be read. ${adviceFor(error)}`)
    }
  }
  let known = ''
  void read().catch(report)
  return race => {
    const now = race ? `${race.id} ${race.state}` : ''
    if (now === known) return
    known = now
    void read().catch(report)
  }
}
