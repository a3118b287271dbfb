/** How the parts of the stage in this process are. */
import type { Delivery } from '../delivery/index.ts'
import type { Estate } from '../estate/index.ts'
import type { Fleet } from '../fleet/index.ts'
import type { StackPart } from '../stage/index.ts'

interface OwnParts {
  delivery: Delivery
  fleet: Fleet
  estate: Estate
  /** How many vehicles are simulated in this process. */
  simulated: number
}

export async function ownParts({ delivery, fleet, estate, simulated }: OwnParts): Promise<StackPart[]> {
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
  const { worst, servers, containers } = await estate.state()
  const machines = servers.total + containers.total
  const trouble = worst === 'healthy' ? '' : `a stage of the pipeline is ${worst}; `
  return [
    part('server', 'License server', 'up', `${version} (${commit})`),
    part('broker', 'MQTT broker', broker.connected ? 'up' : 'failing', kind),
    part(
      'fleet',
      'Vehicles',
      total === 0 ? 'absent' : 'up',
      total === 0 ? 'none: start with --fleet 100' : vehicles,
    ),
    part(
      'estate',
      'Estate',
      machines === 0 ? 'absent' : worst === 'healthy' ? 'up' : 'failing',
      machines === 0
        ? 'none: start with --estate 100'
        : `${trouble}${servers.total} servers, ${containers.total} containers`,
    ),
  ]
}
