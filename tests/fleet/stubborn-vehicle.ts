/** A vehicle that sends each sample until it is acknowledged, and remembers which were. */
import { connect, type MqttClient } from 'mqtt'
import { identityOf } from '../../src/simulator/vehicles/identity.ts'
import { devicePassword } from '../../src/vehicle/credentials.ts'
import type { OnlineState } from '../../src/vehicle/messages.ts'
import { topicOf } from '../../src/vehicle/topics.ts'
import { FLEET_KEY } from '../support/world.ts'

export interface StubbornVehicle {
  vehicle: string
  boot: string
  /** Numbers that the server acknowledged. */
  acknowledged: Set<number>
  /** Makes one more sample. */
  sample(): void
  readonly waiting: number
  stop(): Promise<void>
}

export function stubbornVehicle(port: number, number: number): StubbornVehicle {
  const { vehicle, releaseCounter, number: _, ...identity } = identityOf(number)
  const boot = `stubborn-${number}`
  const acknowledged = new Set<number>()
  /** What is not acknowledged yet, with the bytes that were sent first. */
  const outbox = new Map<number, string>()
  let lastSeq = 0
  const client: MqttClient = connect(`mqtt://127.0.0.1:${port}`, {
    clientId: vehicle,
    username: vehicle,
    password: devicePassword(FLEET_KEY, vehicle),
    reconnectPeriod: 50,
    connectTimeout: 1000,
    queueQoSZero: false,
  })
  client.on('error', () => {})
  let connection = 0
  client.on('close', () => {
    connection++
  })
  client.on('connect', () => {
    const state: OnlineState = {
      ...identity,
      vehicle,
      boot,
      at: Date.now(),
      online: true,
      release_counter: releaseCounter,
      slot: 'a',
      ecus: [],
      connectivity: 'wifi',
    }
    client.publish(topicOf(vehicle, 'state'), JSON.stringify(state), { qos: 1 })
    for (const seq of outbox.keys()) send(seq)
  })

  function send(seq: number) {
    const on = connection
    client.publish(topicOf(vehicle, 'telemetry'), outbox.get(seq) ?? '', { qos: 1 }, error => {
      if (error || on !== connection) return
      acknowledged.add(seq)
      outbox.delete(seq)
    })
  }

  return {
    vehicle,
    boot,
    acknowledged,
    get waiting() {
      return outbox.size
    },
    sample() {
      const seq = ++lastSeq
      const at = Date.now()
      const signals = { 'Vehicle.Speed': seq % 100 }
      outbox.set(seq, JSON.stringify({ vehicle, boot, sent: at, samples: [{ seq, at, signals }] }))
      if (client.connected) send(seq)
    },
    stop: () => client.endAsync(true),
  }
}
