import type { OnlineState, StateMessage } from '../../vehicle/messages.ts'
import type { Deciding } from '../commands.ts'
import type { Fate } from './commands.ts'
import type { Parts } from './context.ts'
import type { SetAside } from './read-message.ts'
import type { KnownVehicle, TelemetryStore } from './store.ts'

const stored: Fate = {
  kind: 'stored',
  uplink: 'state',
  samples: 0,
  duplicates: 0,
  historical: false,
  liveAt: null,
}
const known: Fate = { kind: 'duplicate', uplink: 'state' }

/** A vehicle is there, or gone. One that was never there is registered: it has signed in at the broker. */
export function stateArrived(message: StateMessage, deciding: Deciding, parts: Parts): Fate | SetAside {
  return message.online ? cameOnline(message, deciding, parts) : wentOffline(message, deciding, parts)
}

function wentOffline({ vehicle: name, boot }: StateMessage, deciding: Deciding, { store, set }: Parts): Fate {
  const vehicle = set.vehicle(name)
  // The last will of a connection that a newer one has followed says nothing any more.
  if (!vehicle || vehicle.boot !== boot || !vehicle.online) return known
  vehicle.online = 0
  store.wentOffline(vehicle.id)
  deciding.tell({ kind: 'vehicle_offline', vehicle: name })
  return stored
}

function isStale({ boot, at }: OnlineState, vehicle: KnownVehicle, store: TelemetryStore): boolean {
  if (boot === vehicle.boot) return at < vehicle.stateAt
  return store.isOlderBoot(vehicle.id, boot, vehicle.boot)
}

function cameOnline(message: OnlineState, deciding: Deciding, parts: Parts): Fate | SetAside {
  const { store, set, uplinks, vehiclesMax } = parts
  const { now } = deciding
  const { vehicle: name, vin, model, region, firmware } = message
  const owner = store.vehicleOfVin(vin)
  if (owner !== undefined && owner !== name)
    return { dead: 'vin_taken', detail: 'another vehicle has this VIN' }
  const vehicle = set.vehicle(name)
  if (!vehicle && store.countVehicles() >= vehiclesMax)
    return { dead: 'fleet_full', detail: `there are ${vehiclesMax} vehicles already` }
  if (vehicle && owner === undefined)
    return { dead: 'invalid_vin', detail: 'this vehicle has registered with another VIN' }
  // A broker's old copy, or bytes that somebody captured: a run of the computer that is over does not come back.
  if (vehicle && isStale(message, vehicle, store)) return known
  const wasOnline = vehicle?.online === 1
  set.flush(now)
  const id = vehicle?.id ?? store.register(message, now)
  if (vehicle) store.cameOnline(id, message, now)
  const seen = { vehicle: name, model, region, firmware }
  if (!vehicle) deciding.tell({ kind: 'vehicle_registered', ...seen })
  if (!wasOnline) deciding.tell({ kind: 'vehicle_online', ...seen })
  uplinks.online(store.row(id), deciding)
  return stored
}
