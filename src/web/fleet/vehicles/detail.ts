import type { VehicleDetail } from '../../../fleet/api.ts'
import { byId, h, setText } from '../../dom.ts'
import { timeOfDay, timeWithSeconds } from '../../format.ts'
import { Problem } from '../../problem.ts'
import { report } from '../../report-errors.ts'
import { modelNames, places } from '../places.ts'
import { type TelemetryReply, telemetry, vehicleDetail } from '../requests.ts'
import { batteryOf, connectivityWords, reasonOf, signalOf } from '../words.ts'
import { measure, showState, showTime, stateBadge } from './row.ts'

const EVERY_MS = 4000
const SAMPLES = 12

type Pair = [term: string, value: string | Node | null]

/** What is not known says so. */
const amount = (value: number | null, unit: string, digits = 0) =>
  value === null ? null : `${value.toFixed(digits)} ${unit}`
const yes = (value: boolean | null) => (value === null ? null : value ? 'yes' : 'no')

function rated(value: number | null, unit: string, rate: typeof batteryOf): Node {
  const element = h('span')
  measure(element, `${Math.round(value ?? 0)} ${unit}`, rate(value))
  return element
}

const pairs = (list: Pair[]) =>
  h(
    'dl',
    { class: 'facts' },
    ...list.map(([term, value]) => h('div', {}, h('dt', {}, term), h('dd', {}, value ?? 'not known'))),
  )

function time(at: string) {
  const element = h('time')
  showTime(element, at)
  return element
}

function factsOf(vehicle: VehicleDetail): Pair[] {
  const where = vehicle.latitude === null || vehicle.longitude === null
  return [
    ['VIN', h('span', { class: 'vin' }, vehicle.vin)],
    ['Model', `${modelNames[vehicle.model]} ${vehicle.year}, hardware ${vehicle.hardware}`],
    [
      'Firmware',
      `${vehicle.firmware}, slot ${vehicle.slot.toUpperCase()}, release counter ${vehicle.release_counter}`,
    ],
    ['Region', places[vehicle.region].name],
    [
      'Position',
      where
        ? 'only for the presenter, or not known'
        : `${vehicle.latitude?.toFixed(4)}°, ${vehicle.longitude?.toFixed(4)}°, heading ${Math.round(vehicle.heading ?? 0)}°`,
    ],
    ['Speed', vehicle.parked ? 'parked' : amount(vehicle.speed_kmh, 'km/h')],
    ['Odometer', amount(vehicle.odometer_km, 'km')],
    ['Traction battery', rated(vehicle.battery_percent, '%', batteryOf)],
    ['Battery health', amount(vehicle.battery_health_percent, '%', 1)],
    ['Battery voltage', amount(vehicle.battery_volts, 'V', 1)],
    ['Battery temperature', amount(vehicle.battery_celsius, '°C', 1)],
    ['12 V battery', amount(vehicle.low_voltage_volts, 'V', 2)],
    ['Charging', yes(vehicle.charging)],
    ['Locked', yes(vehicle.locked)],
    ['Air conditioning', vehicle.climate_on === null ? null : vehicle.climate_on ? 'on' : 'off'],
    ['Connectivity', connectivityWords[vehicle.connectivity]],
    ['Signal', rated(vehicle.signal_dbm, 'dBm', signalOf)],
    ['Data used', amount(vehicle.data_usage_mb, 'MB')],
    ['Last seen', time(vehicle.last_seen_at)],
    ['First seen', timeOfDay(vehicle.first_seen_at)],
  ]
}

const table = (label: string, heads: string[], rows: (string | Node)[][]) =>
  h(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': label, tabindex: 0 },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...heads.map(head => h('th', { scope: 'col' }, head)))),
      h('tbody', {}, ...rows.map(row => h('tr', {}, ...row.map(cell => h('td', {}, cell))))),
    ),
  )

const samplesTable = ({ samples }: TelemetryReply) =>
  samples.length === 0
    ? h('p', { class: 'quiet' }, 'No sample is kept.')
    : table(
        'Latest samples',
        ['At', 'Speed', 'Battery', 'Signal', 'Came'],
        samples.map(sample => [
          timeWithSeconds(sample.at),
          amount(sample.speed_kmh, 'km/h') ?? '–',
          amount(sample.battery_percent, '%', 1) ?? '–',
          amount(sample.signal_dbm, 'dBm') ?? '–',
          sample.historical ? h('span', { class: 'badge' }, 'kept, sent later') : 'live',
        ]),
      )

function contentOf(vehicle: VehicleDetail, samples: TelemetryReply): Node[] {
  const badge = stateBadge()
  showState(badge, vehicle.state)
  return [
    h(
      'p',
      { class: 'badges' },
      badge,
      ...vehicle.warnings.map(warning => h('span', { class: 'badge badge-warning' }, reasonOf(warning))),
      vehicle.active_update !== null && h('span', { class: 'badge' }, 'in an update'),
    ),
    pairs(factsOf(vehicle)),
    h('h3', {}, 'Trouble codes'),
    vehicle.dtcs.length === 0
      ? h('p', { class: 'quiet' }, 'None is set.')
      : table(
          'Trouble codes',
          ['Code', 'Status', 'Since'],
          vehicle.dtcs.map(({ code, status, since }) => [h('code', {}, code), status, time(since)]),
        ),
    h('h3', {}, 'Version manifest'),
    table(
      'Version manifest',
      ['ECU', 'Hardware', 'Version'],
      vehicle.ecus.map(({ ecu, hardware, version }) => [ecu, hardware, version]),
    ),
    h('h3', {}, 'Latest samples'),
    samplesTable(samples),
  ]
}

/** The dialog with everything that is known of one vehicle, fresh while it is open. @returns opens it */
export function vehicleDialog(): (vehicle: string) => void {
  const dialog = byId<HTMLDialogElement>('vehicle')
  const body = byId('vehicle-body')
  let shown = ''
  let timer = 0

  async function load() {
    const asked = shown
    try {
      const [{ data }, { data: samples }] = await Promise.all([
        vehicleDetail(asked),
        telemetry(asked, SAMPLES),
      ])
      if (asked !== shown || !dialog.open) return
      // Whoever has the keyboard in one of its tables keeps it: it is drawn anew afterwards.
      if (!body.contains(document.activeElement)) body.replaceChildren(...contentOf(data, samples))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (asked === shown)
        body.replaceChildren(h('p', { class: 'outcome', 'data-tone': 'bad' }, error.message))
    }
  }
  const refresh = () => void load().catch(report)

  byId('vehicle-close').addEventListener('click', () => dialog.close())
  dialog.addEventListener('click', event => {
    if (event.target === dialog) dialog.close()
  })
  dialog.addEventListener('close', () => {
    clearInterval(timer)
    shown = ''
  })
  return vehicle => {
    shown = vehicle
    setText(byId('vehicle-title'), vehicle)
    body.replaceChildren(h('p', { class: 'quiet' }, 'Reading…'))
    if (!dialog.open) dialog.showModal()
    clearInterval(timer)
    timer = window.setInterval(refresh, EVERY_MS)
    refresh()
  }
}
