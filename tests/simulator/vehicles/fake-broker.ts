/** A broker and time that a test owns: everything happens when the test lets it. */
import { generateKeyPairSync } from 'node:crypto'
import { createFleet, type FleetOptions } from '../../../src/simulator/vehicles/fleet.ts'
import type { Connect, LinkOptions, Publication } from '../../../src/simulator/vehicles/link.ts'
import { createScheduler, type Scheduler } from '../../../src/simulator/vehicles/scheduler.ts'
import type { UpdateCommandMessage } from '../../../src/vehicle/messages.ts'
import type { Manifest } from '../../../src/vehicle/release.ts'
import { signManifest } from '../../../src/vehicle/signing.ts'
import { type Downlink, topicOf } from '../../../src/vehicle/topics.ts'
import { fakeClock } from '../../support/fake-clock.ts'

export const { publicKey, privateKey } = generateKeyPairSync('ed25519')

export interface Heard extends Publication {
  vehicle: string
  acknowledged: boolean
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every kind
  message: any
}

export function createFakeBroker(scheduler: Scheduler) {
  const heard: Heard[] = []
  const sessions = new Map<string, { options: LinkOptions; lose: () => void }>()
  const broker = { up: true, acknowledges: true, dials: 0 }
  const hear = (vehicle: string, publication: Publication, acknowledged: boolean) => {
    let message: unknown = null
    try {
      message = JSON.parse(publication.payload)
    } catch {}
    heard.push({ ...publication, vehicle, acknowledged, message })
  }

  const connect: Connect = options => {
    const { vehicle } = options
    let ended = false
    broker.dials++
    const later = (task: () => void) => scheduler.after(1, () => !ended && task())
    function lose() {
      if (ended) return
      gone()
      options.onEnd({ kind: 'lost', message: 'lost' })
    }
    function gone() {
      ended = true
      if (sessions.delete(vehicle)) hear(vehicle, options.will, true)
    }
    later(() => {
      if (!broker.up) return lose()
      sessions.set(vehicle, { options, lose })
      options.onOpen()
    })
    return {
      publish(publication, acknowledged) {
        if (ended) return
        hear(vehicle, publication, broker.acknowledges)
        if (broker.acknowledges) later(acknowledged)
      },
      subscribe: (_topics, subscribed) => void later(subscribed),
      close() {
        ended = true
        sessions.delete(vehicle)
      },
      destroy: gone,
    }
  }

  return {
    connect,
    heard,
    broker,
    isConnected: (vehicle: string) => sessions.has(vehicle),
    lose: (vehicle: string) => sessions.get(vehicle)?.lose(),
    loseAll: () => {
      for (const { lose } of [...sessions.values()]) lose()
    },
    tell: (vehicle: string, kind: Downlink, message: unknown) =>
      sessions.get(vehicle)?.options.onMessage(topicOf(vehicle, kind), JSON.stringify(message)),
    on: (kind: string, vehicle = 'vehicle_00001') =>
      heard.filter(({ topic }) => topic === `fleet/${vehicle}/${kind}`),
  }
}

/** A fleet on a fake broker in fake time; boots count up. */
export function createTestFleet(options: Partial<FleetOptions> = {}) {
  const clock = fakeClock()
  const scheduler = createScheduler(clock)
  const broker = createFakeBroker(scheduler)
  const boots = new Map<string, number>()
  const fleet = createFleet({
    vehicles: 1,
    intervalSeconds: 10,
    seed: 1,
    key: 'a key',
    publicKey,
    connect: broker.connect,
    clock,
    scheduler,
    faults: { outages: false },
    newBoot(vehicle) {
      boots.set(vehicle, (boots.get(vehicle) ?? 0) + 1)
      return `boot${boots.get(vehicle)}`
    },
    ...options,
  })
  /** Lets time pass, doing what comes due when it comes due. */
  function pass(seconds: number) {
    const end = clock.monotonic() + seconds * 1000
    for (;;) {
      const next = scheduler.nextAt()
      if (next === null || next > end) break
      clock.advance(Math.max(0, next - clock.monotonic()))
      scheduler.run()
    }
    clock.advance(end - clock.monotonic())
  }
  return { ...broker, fleet, clock, pass }
}

export const manifest: Manifest = {
  version: '2.1.0',
  release_counter: 7,
  artifacts: [
    {
      ecu: 'gateway',
      hardware: ['A', 'B'],
      version: '2.1.0',
      size_bytes: 60_000_000,
      sha256: '00'.repeat(32),
    },
    { ecu: 'body', hardware: ['A', 'B'], version: '2.0.9', size_bytes: 5_000_000, sha256: '00'.repeat(32) },
  ],
  requires_firmware: null,
}

type Offer = Extract<UpdateCommandMessage, { kind: 'offer' }>
export function offerOf(change: Partial<Offer> = {}): Offer {
  const of = change.manifest ?? manifest
  return {
    kind: 'offer',
    update_id: 'update-1',
    attempt: 1,
    manifest: of,
    signature: signManifest(of, privateKey),
    consent_required: false,
    battery_floor_percent: 0,
    ...change,
  }
}
