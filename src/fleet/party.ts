import type { Party } from '../mqtt/broker.ts'
import type { Receive } from '../mqtt/link.ts'
import { sameSecret } from '../shared/id.ts'
import { devicePassword } from '../vehicle/credentials.ts'
import { isOfFleet, mayPublish, maySubscribe, uplinkFilters, VEHICLE_ID } from '../vehicle/topics.ts'
import type { FleetEvents } from './events.ts'

/** The fleet's rules at the broker: each vehicle signs in and speaks for itself only. */
export const fleetParty = (
  key: string,
  receive: Receive,
  events: Pick<FleetEvents, 'refused' | 'brokerChanged'>,
): Party => ({
  name: 'fleet',
  filters: uplinkFilters,
  owns: isOfFleet,
  authenticate: (device, password) =>
    VEHICLE_ID.test(device) && sameSecret(password, devicePassword(key, device)),
  mayPublish,
  maySubscribe,
  receive,
  refused: events.refused,
  changed: events.brokerChanged,
})
