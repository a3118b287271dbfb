/** Simulated vehicles whose every sample is written down on their side, to be compared with what the server has. */
import { onTestFinished } from 'vitest'
import { type Clock, systemClock } from '../../../src/shared/clock.ts'
import type { FaultOptions } from '../../../src/simulator/vehicles/faults.ts'
import { createFleet, type Fleet } from '../../../src/simulator/vehicles/fleet.ts'
import type { Connect } from '../../../src/simulator/vehicles/link.ts'
import { mqttConnect } from '../../../src/simulator/vehicles/mqtt-link.ts'
import { createScheduler, keepRunning } from '../../../src/simulator/vehicles/scheduler.ts'
import { publicKeyText, signingKey } from '../../../src/vehicle/credentials.ts'
import type { TelemetryMessage } from '../../../src/vehicle/messages.ts'
import { publicKeyFrom } from '../../../src/vehicle/signing.ts'
import { FLEET_KEY } from '../../support/world.ts'

/** A sample as its vehicle sent it first. */
export interface Taken {
  vehicle: string
  /** By the vehicle's clock. */
  at: number
  /** By how much the vehicle's clock was ahead when it was sent. */
  aheadMs: number
}

export interface Driving {
  fleet: Fleet
  /** By boot, then by number. */
  taken: Map<string, Map<number, Taken>>
  /** How many samples there are so far. */
  samples(): number
  /** Sends what waits and leaves. Nothing is taken afterwards. */
  stop(): Promise<void>
}

export interface DrivingOptions {
  url: string
  vehicles: number
  /** Simulated seconds in a real one, back-off and all. Wall time stays real: event times are real ones. */
  rate: number
  /** On top of that: for driving and updates only, not for connections. */
  speed?: number
  /** Simulated seconds between two samples of a vehicle. */
  everySeconds: number
  faults?: Partial<FaultOptions>
}

export function drive({ url, vehicles, rate, speed = 1, everySeconds, faults }: DrivingOptions): Driving {
  const { clock, pace } = pacedClock(rate)
  const scheduler = createScheduler(clock)
  const taken: Driving['taken'] = new Map()
  const fleet = createFleet({
    vehicles,
    intervalSeconds: everySeconds,
    seed: 1,
    speed,
    key: FLEET_KEY,
    publicKey: publicKeyFrom(publicKeyText(signingKey(FLEET_KEY))),
    connect: recording(mqttConnect(url), payload => writeDown(payload, taken)),
    clock,
    scheduler,
    faults: { outages: false, ...faults },
  })
  const halt = keepRunning(scheduler, () => {})
  let stopped: Promise<void> | undefined
  function stop() {
    // Time enough to say goodbye.
    pace(1)
    stopped ??= fleet.stop()
    return stopped
  }
  onTestFinished(async () => {
    await stop()
    halt()
  })
  fleet.start()
  const samples = () => [...taken.values()].reduce((sum, { size }) => sum + size, 0)
  return { fleet, taken, samples, stop }
}

function pacedClock(first: number): { clock: Clock; pace: (rate: number) => void } {
  let rate = first
  let from = systemClock.monotonic()
  let passed = 0
  const monotonic = () => passed + (systemClock.monotonic() - from) * rate
  return {
    clock: { now: systemClock.now, monotonic },
    pace(next) {
      passed = monotonic()
      from = systemClock.monotonic()
      rate = next
    },
  }
}

const recording =
  (connect: Connect, sent: (payload: string) => void): Connect =>
  options => {
    const link = connect(options)
    return {
      ...link,
      publish(publication, acknowledged) {
        if (publication.topic.endsWith('/telemetry')) sent(publication.payload)
        link.publish(publication, acknowledged)
      },
    }
  }

function writeDown(payload: string, taken: Driving['taken']): void {
  const message = read(payload)
  if (!message) return
  const { vehicle, boot, sent } = message
  const ofBoot = taken.get(boot) ?? new Map<number, Taken>()
  taken.set(boot, ofBoot)
  for (const { seq, at } of message.samples)
    if (!ofBoot.has(seq)) ofBoot.set(seq, { vehicle, at, aheadMs: sent - Date.now() })
}

/** null: it was broken on purpose, and goes out whole right after. */
function read(payload: string): TelemetryMessage | null {
  try {
    const message = JSON.parse(payload)
    const isWhole =
      message.sent > 0 &&
      message.vehicle !== 'vehicle_99999' &&
      message.samples.every(({ seq }: { seq: unknown }) => Number.isInteger(seq))
    return isWhole ? message : null
  } catch {
    return null
  }
}
