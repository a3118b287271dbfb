/** How the parts of the stage in this process are. */
import type { Delivery } from '../delivery/index.ts'
import type { Fleet } from '../fleet/index.ts'
import type { StackPart } from '../stage/index.ts'

/** @param simulated how many vehicles are simulated in this process */
export async function ownParts(delivery: Delivery, fleet: Fleet, simulated: number): Promise<StackPart[]> {
  const { version, commit } = delivery.running()
  const { broker, total, online } = fleet.summary()
  const part = (name: StackPart['name'], title: string, state: StackPart['state'], detail: string) => ({
    name,
    title,
    state,
    detail,
    url: null,
    took_ms: null,
  })
  const kind = broker.kind === 'embedded' ? 'in this process' : 'another one, by MQTT_URL'
  const vehicles =
    simulated > 0
      ? `${online} of ${total} online, ${simulated} simulated here`
      : `${online} of ${total} online`
  return [
    part('server', 'License server', 'up', `${version} (${commit})`),
    part('broker', 'MQTT broker', broker.connected ? 'up' : 'failing', kind),
    part(
      'fleet',
      'Vehicles',
      total === 0 ? 'absent' : 'up',
      total === 0 ? 'none: start with --fleet 100' : vehicles,
    ),
  ]
}
