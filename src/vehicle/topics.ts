/** The MQTT topics on which a vehicle and the server talk: `fleet/{vehicle}/{kind}`. */

/** What vehicles say. Only the vehicle itself may publish these. */
export const uplinks = ['state', 'telemetry', 'dtc', 'update/status', 'command/result'] as const
/** What vehicles are told. Only the server may publish these. */
export const downlinks = ['command', 'update/command'] as const

export type Uplink = (typeof uplinks)[number]
export type Downlink = (typeof downlinks)[number]

/** What a vehicle is called on the wire, and its user name at the broker. */
export const VEHICLE_ID = /^[a-z0-9_-]{1,32}$/

/** What the server subscribes to. */
export const uplinkFilters = uplinks.map(kind => `fleet/+/${kind}`)

export const topicOf = (vehicle: string, kind: Uplink | Downlink): string => `fleet/${vehicle}/${kind}`

/** Whether what comes on this topic is for the fleet, whatever it says. */
export const isOfFleet = (topic: string): boolean => topic.startsWith('fleet/')

/** Whose topic it is and of which kind; null: none of ours. */
export function readTopic(topic: string): { vehicle: string; kind: Uplink | Downlink } | null {
  const [root, vehicle, ...rest] = topic.split('/')
  const kind = rest.join('/')
  if (root !== 'fleet' || vehicle === undefined || !VEHICLE_ID.test(vehicle)) return null
  return isKind(kind) ? { vehicle, kind } : null
}

const kinds: readonly string[] = [...uplinks, ...downlinks]
const isKind = (kind: string): kind is Uplink | Downlink => kinds.includes(kind)

/** Whether a vehicle may publish there. */
export function mayPublish(vehicle: string, topic: string): boolean {
  const read = readTopic(topic)
  return read !== null && read.vehicle === vehicle && (uplinks as readonly string[]).includes(read.kind)
}

/** Whether a vehicle may listen there: its own downlinks by name, no wildcards. */
export function maySubscribe(vehicle: string, filter: string): boolean {
  const read = readTopic(filter)
  return read !== null && read.vehicle === vehicle && (downlinks as readonly string[]).includes(read.kind)
}
