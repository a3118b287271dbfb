/** Vehicles that say as much as the server takes, and one that is asked about while they do. */
import { setTimeout as wait } from 'node:timers/promises'
import { build } from 'hdr-histogram-js'
import { bootOf, connectVehicle, sampleMessage, type WireVehicle } from './vehicle-wire.ts'

export interface FleetFigures {
  /** Acknowledged messages a second. */
  perSecond: number
  /** From sending to acknowledgement, ms. */
  ackP50: number
  ackP99: number
  /** From the event to an answer of the API that has it, ms. */
  queryableP50: number
  queryableP99: number
  /** Probes whose sample was acknowledged and not in the answer. */
  notQueryable: number
}

export interface FleetLoad {
  url: string
  port: number
  key: string
  vehicles: number
  /** Messages that each vehicle has under way. */
  inFlight: number
  seconds: number
}

const PROBE = 19_000
const PROBE_EVERY_MS = 20

const histogram = () =>
  build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: 3 })
const micros = (ms: number) => Math.max(1, Math.round(ms * 1000))

/** Connects the vehicles a hundred at a time. */
export async function connectAll(port: number, key: string, count: number): Promise<WireVehicle[]> {
  const all: WireVehicle[] = []
  while (all.length < count) {
    const first = all.length + 1
    const size = Math.min(100, count - all.length)
    all.push(
      ...(await Promise.all(Array.from({ length: size }, (_, n) => connectVehicle(port, key, first + n)))),
    )
  }
  return all
}

/** Numbers go on over the loads of one run: no sample is sent twice. */
const sequences = new Map<string, number>()
function nextSeq(vehicle: string): number {
  const seq = (sequences.get(vehicle) ?? 0) + 1
  sequences.set(vehicle, seq)
  return seq
}

export async function driveFleet({
  url,
  port,
  key,
  vehicles,
  inFlight,
  seconds,
}: FleetLoad): Promise<FleetFigures> {
  const connected = await connectAll(port, key, vehicles)
  const probe = await connectVehicle(port, key, PROBE)
  const acks = histogram()
  const queryable = histogram()
  let acknowledged = 0
  let running = true
  let notQueryable = 0

  function say(wire: WireVehicle, number: number) {
    const at = Date.now()
    const sentAt = performance.now()
    wire.publish('telemetry', sampleMessage(wire.vehicle, bootOf(number), nextSeq(wire.vehicle), at), () => {
      acknowledged++
      acks.recordValue(micros(performance.now() - sentAt))
      if (running) say(wire, number)
    })
  }

  async function probing() {
    while (running) {
      const at = Date.now()
      const startedAt = performance.now()
      await new Promise<void>(resolve =>
        probe.publish(
          'telemetry',
          sampleMessage(probe.vehicle, bootOf(PROBE), nextSeq(probe.vehicle), at),
          resolve,
        ),
      )
      const response = await fetch(`${url}/fleet/vehicles/${probe.vehicle}/telemetry?limit=1`)
      const { samples } = (await response.json()) as { samples: { at: string }[] }
      if (Date.parse(samples[0]?.at ?? '') !== at) notQueryable++
      queryable.recordValue(micros(performance.now() - startedAt))
      await wait(PROBE_EVERY_MS)
    }
  }

  const startedAt = performance.now()
  for (const [index, wire] of connected.entries()) for (let n = 0; n < inFlight; n++) say(wire, index + 1)
  const probes = probing()
  await wait(seconds * 1000)
  const elapsed = (performance.now() - startedAt) / 1000
  const perSecond = acknowledged / elapsed
  running = false
  await probes
  await wait(200)
  for (const wire of [...connected, probe]) wire.close()
  const at = (values: ReturnType<typeof histogram>, share: number) =>
    values.getValueAtPercentile(share) / 1000
  return {
    perSecond,
    ackP50: at(acks, 50),
    ackP99: at(acks, 99),
    queryableP50: at(queryable, 50),
    queryableP99: at(queryable, 99),
    notQueryable,
  }
}
