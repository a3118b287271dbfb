import type { FleetFrame, VehicleShape, VehiclesReply } from '../../../fleet/api.ts'
import { onPress } from '../../busy.ts'
import { byId, setText } from '../../dom.ts'
import { keyedList } from '../../keyed-list.ts'
import { Problem } from '../../problem.ts'
import { report } from '../../report-errors.ts'
import { vehicles } from '../requests.ts'
import { vehiclesWords, whole } from '../words.ts'
import { filters } from './filters.ts'
import { vehicleRow } from './row.ts'

const PAGE = 20
/** The page that is shown is asked for again this often. */
const EVERY_MS = 5000

/** The table of vehicles with its filters and pages. @returns takes the fleet's frame: its versions are filters */
export function showVehicles(open: (vehicle: string) => void): (frame: FleetFrame) => void {
  const chosen = filters(() => {
    before = [null]
    refresh()
  })
  const rows = keyedList(
    byId('vehicle-rows'),
    ({ vehicle }: VehicleShape) => vehicle,
    vehicle => vehicleRow(vehicle, open),
  )
  const previous = byId<HTMLButtonElement>('page-previous')
  const next = byId<HTMLButtonElement>('page-next')
  /** Where each page so far begins, the one that is shown last. */
  let before: (string | null)[] = [null]
  let following: string | null = null
  let round = 0

  async function load() {
    round += 1
    const mine = round
    try {
      const { data } = await vehicles(chosen.wanted(), before.at(-1) ?? null, PAGE)
      // An answer that was overtaken by a newer question is out of date.
      if (mine === round) show(data)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (mine === round) setText(byId('vehicles-note'), `The list could not be read: ${error.message}`)
    }
  }
  const refresh = () => void load().catch(report)

  function show({ total, vehicles: page, next: after }: VehiclesReply) {
    rows(page)
    following = after
    const first = (before.length - 1) * PAGE + 1
    const filtered = Object.values(chosen.wanted()).some(value => value !== '')
    setText(
      byId('vehicles-note'),
      page.length > 0
        ? `${whole(first)} to ${whole(first + page.length - 1)} of ${vehiclesWords(total)}${filtered ? ' that fit' : ''}`
        : filtered
          ? 'No vehicle fits. Take a filter away.'
          : 'No vehicle has reported yet. Start some: npm run fleet',
    )
    byId('vehicles-table').hidden = page.length === 0
    previous.disabled = before.length === 1
    next.disabled = after === null
    byId('pages').hidden = before.length === 1 && after === null
  }

  onPress(next, async () => {
    if (following !== null) before.push(following)
    await load()
  })
  onPress(previous, async () => {
    if (before.length > 1) before.pop()
    await load()
  })
  setInterval(() => {
    if (!document.hidden) refresh()
  }, EVERY_MS)
  refresh()

  let total = 0
  return frame => {
    chosen.versions(frame.firmware.map(({ version }) => version))
    // The first vehicles show at once, not with the next round.
    if (total === 0 && frame.total > 0) refresh()
    total = frame.total
  }
}
