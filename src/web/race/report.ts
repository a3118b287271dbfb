import type { RaceShape, RacesReply } from '../../race/api.ts'
import { byId, h, setAttribute, setText } from '../dom.ts'
import { duration, timeOfDay } from '../format.ts'
import { factorWords, laneTime } from './words.ts'

const stateWords: Record<RaceShape['state'], string> = {
  running: 'Runs now',
  finished: 'Finished',
  cancelled: 'Ended before its time',
  interrupted: 'Cut off by a restart',
}

/** A number and its unit stay on one line. */
const unbroken = (ms: number) => laneTime(ms).replaceAll(' ', '\u00a0')

export function headline({ table, vehicle }: RaceShape): string {
  const recover = table.find(({ measure }) => measure === 'recover')
  if (!recover?.cloud) return 'Same incident, two paths'
  if (!recover.vehicle)
    return `The cloud worked again after ${unbroken(recover.cloud)}; the vehicles do not yet, after ${unbroken(vehicle.elapsed_ms)} of simulated time`
  return `${unbroken(recover.cloud)} in the cloud, ${unbroken(recover.vehicle)} in the fleet`
}

const terms = (pairs: [string, string][]) =>
  pairs.map(([term, value]) => h('div', {}, h('dt', {}, term), h('dd', {}, value)))

/** Writes everything of a run that the picture does not say. */
export function fillReport(race: RaceShape): void {
  const { assumptions, release } = race
  byId('report').hidden = false
  byId('take').hidden = false
  byId('mark').hidden = !race.recorded && race.state !== 'running'
  setText(byId('mark'), race.recorded ? 'Replay' : 'Live')
  setText(byId('title'), headline(race))
  const where = race.recorded ? 'The recording that comes with the program, run' : 'Run on this server'
  setText(byId('lead'), `${where} ${timeOfDay(race.started_at)}. The vehicles’ time is simulated.`)
  const address = race.recorded ? '/races/recorded' : `/races/${race.id}`
  setAttribute(byId('download'), 'href', `${address}?download=1`)
  setAttribute(byId('download'), 'download', `race-${race.id.slice(0, 8)}.json`)
  byId('assumptions').replaceChildren(
    ...assumptions.map(({ step, hours, why }) =>
      h(
        'li',
        {},
        h('strong', {}, `${titleOf(race, step)}: ${duration(hours * 3600).replace(/ 00 (h|min)$/, '')}`),
        ` ${why}`,
      ),
    ),
  )
  byId('options').replaceChildren(
    ...terms([
      ['State', stateWords[race.state]],
      ['Release', `${release.version}, commit ${release.commit.slice(0, 12)}`],
      ['Clocks', `one real second is ${factorWords(race.factor)} of simulated time`],
      ['Vehicles', String(race.vehicle.total)],
      ['Users who borrowed', String(race.cloud.total)],
      ['Borrowers', borrowers(race)],
      ['Way back', race.autopilot ? 'taken by the autopilot' : 'taken by the presenter'],
      ['Seed', String(race.seed)],
      ['Run', race.id],
    ]),
  )
}

const borrowers = ({ traffic }: RaceShape) =>
  traffic.simulated
    ? `the audience, and simulated people: ${traffic.rate} borrows and returns a second`
    : 'the audience alone'

const titleOf = ({ vehicle }: RaceShape, step: string) =>
  vehicle.steps.find(({ name }) => name === step)?.title ?? step

/** The table of runs, newest first. */
export function listRuns({ races }: RacesReply): void {
  byId('kept-none').hidden = races.length > 0
  byId('kept-scroll').hidden = races.length === 0
  const time = (value: number | null | undefined) => (value == null ? '–' : laneTime(value))
  byId('kept').replaceChildren(
    ...races.map(({ id, state, started_at: at, table }) => {
      const recover = table.find(({ measure }) => measure === 'recover')
      return h(
        'tr',
        {},
        h('th', { scope: 'row' }, h('a', { href: `/race?id=${id}` }, timeOfDay(at))),
        h('td', {}, stateWords[state]),
        h('td', { class: 'number' }, time(recover?.cloud)),
        h('td', { class: 'number' }, time(recover?.vehicle)),
      )
    }),
  )
}
