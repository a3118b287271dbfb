import type { VehicleShape } from '../../../fleet/api.ts'
import { h, setAttribute, setText } from '../../dom.ts'
import type { Row } from '../../keyed-list.ts'
import { serverNow } from '../../server-clock.ts'
import { modelNames, places } from '../places.ts'
import { ago, batteryOf, connectivityWords, type Rated, signalOf, stateWords } from '../words.ts'

/** A measure with its words: `82 % high`. */
export function measure(element: Element, value: string, { level, words }: Rated): void {
  setAttribute(element, 'data-level', level)
  const text = level === 'unknown' ? words : `${value} ${words}`
  if (element.textContent === text) return
  element.replaceChildren(
    ...(level === 'unknown'
      ? [words]
      : [h('span', { class: 'amount' }, value), ' ', h('span', { class: 'word' }, words)]),
  )
}

export const stateBadge = () => h('span', { class: 'state' })
export function showState(badge: Element, state: VehicleShape['state']): void {
  setAttribute(badge, 'data-state', state)
  setText(badge, stateWords[state])
}

/** The time of the device's own zone, in full. */
export const exactTime = (at: string): string =>
  new Date(at).toLocaleString(undefined, { timeZoneName: 'short' })

/** A time as it passes: `12 s ago`, the exact time in its title. */
export function showTime(element: HTMLTimeElement, at: string): void {
  setAttribute(element, 'datetime', at)
  setAttribute(element, 'title', exactTime(at))
  setText(element, ago(at, serverNow()))
}

/** One vehicle in the table. */
export function vehicleRow(first: VehicleShape, open: (vehicle: string) => void): Row<VehicleShape> {
  const name = h(
    'button',
    { type: 'button', class: 'ghost vehicle-name', click: () => open(first.vehicle) },
    first.vehicle,
  )
  const [vin, kind, region, firmware] = [h('td', { class: 'vin' }), h('td'), h('td'), h('td')]
  const [badge, battery, signal, speed] = [stateBadge(), h('td'), h('td'), h('td', { class: 'number' })]
  const seen = h('time')
  return {
    element: h(
      'tr',
      {},
      h('th', { scope: 'row' }, name),
      h('td', {}, badge),
      battery,
      signal,
      speed,
      firmware,
      kind,
      region,
      vin,
      h('td', { class: 'seen' }, seen),
    ),
    update(vehicle) {
      setText(vin, vehicle.vin)
      setText(kind, `${modelNames[vehicle.model]} ${vehicle.year} · ${vehicle.hardware}`)
      setText(region, places[vehicle.region].name)
      setText(firmware, vehicle.firmware)
      showState(badge, vehicle.state)
      measure(battery, `${Math.round(vehicle.battery_percent ?? 0)} %`, batteryOf(vehicle.battery_percent))
      measure(signal, `${Math.round(vehicle.signal_dbm ?? 0)} dBm`, signalOf(vehicle.signal_dbm))
      setAttribute(signal, 'title', connectivityWords[vehicle.connectivity])
      setText(
        speed,
        vehicle.speed_kmh === null
          ? '–'
          : vehicle.parked
            ? 'parked'
            : `${Math.round(vehicle.speed_kmh)} km/h`,
      )
      showTime(seen, vehicle.last_seen_at)
    },
  }
}
