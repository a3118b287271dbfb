/** Vehicles and a machine of our own: each message is numbered, and what was acknowledged is known. */
import { connect as connectMqtt, type MqttClient } from 'mqtt'
import { estatePassword } from '../../src/machine/credentials.ts'
import { FLEET_KEY } from '../bench/server.ts'
import { bootOf, connectVehicle, sampleMessage, type WireVehicle } from '../bench/vehicle-wire.ts'
import type { Room } from './room.ts'

/** Sequence numbers from 1 on, and which of them the server has taken. */
export interface Sent {
  name: string
  boot: string
  last: number
  acknowledged: Set<number>
  /** Messages that could not be used, sent on purpose and acknowledged; those in doubt may have come, too. */
  bad: { acknowledged: number; inDoubt: number }
}

const newSent = (name: string, boot: string): Sent => ({
  name,
  boot,
  last: 0,
  acknowledged: new Set(),
  bad: { acknowledged: 0, inDoubt: 0 },
})

/** Ours are beyond those that the server simulates. */
const FIRST = 90_001
const VEHICLE_PAUSE_MS = 1500
/** More than twelve a minute would be over a machine's share. */
const MACHINE_PAUSE_MS = 5500
const MACHINE = 'soak-machine'
const CLIENT = 'estate-host-soak'
const ANSWER_MS = 15_000

/** @returns what was sent; `done` resolves when all was acknowledged, after the load is over */
export function startVehicles(room: Room, count: number): { sent: Sent[]; done: Promise<void> } {
  const sent: Sent[] = []
  const all = Array.from({ length: count }, async (_, index) => {
    const number = FIRST + index
    const name = `vehicle_${number}`
    const own = newSent(name, bootOf(number))
    sent.push(own)
    let wire: WireVehicle | null = null
    let life = 0
    for (let seq = 1; room.isOpen; seq++) {
      const text = sampleMessage(name, own.boot, seq, Date.now())
      own.last = seq
      while (room.server.death === null && !own.acknowledged.has(seq)) {
        await room.server.ready()
        if (life !== room.server.life.number) {
          wire?.close()
          wire = await connectVehicle(room.server.mqttPort, FLEET_KEY, number).catch(() => null)
          if (wire) life = room.server.life.number
        }
        if (wire && (await acknowledges(wire, 'telemetry', text))) own.acknowledged.add(seq)
        else life = 0
      }
      if (wire && seq % 40 === 0) {
        own.bad.inDoubt++
        if (await acknowledges(wire, 'telemetry', '{"this is": no JSON')) {
          own.bad.inDoubt--
          own.bad.acknowledged++
        } else life = 0
      }
      room.did('vehicle messages acknowledged')
      await room.rest(VEHICLE_PAUSE_MS)
    }
    wire?.close()
  })
  return { sent, done: Promise.all(all).then(() => {}) }
}

const acknowledges = (wire: WireVehicle, kind: string, text: string): Promise<boolean> =>
  new Promise(resolve => {
    const timer = setTimeout(() => resolve(false), ANSWER_MS)
    wire.publish(kind, text, () => {
      clearTimeout(timer)
      resolve(true)
    })
  })

/** One server of the estate that is ours. It asks again on a new connection what was not acknowledged. */
export function startMachine(room: Room): { sent: Sent; done: Promise<void> } {
  const sent = newSent(MACHINE, 'soak')
  const publish = (client: MqttClient, text: string) =>
    new Promise<boolean>(resolve => {
      const timer = setTimeout(() => resolve(false), ANSWER_MS)
      client.publish('estate/server', text, { qos: 1 }, error => {
        clearTimeout(timer)
        resolve(!error)
      })
    })

  async function run() {
    let client = null as MqttClient | null
    let life = 0
    const reach = async () => {
      await room.server.ready()
      if (client && life === room.server.life.number) return client
      client?.end(true)
      life = room.server.life.number
      client = connectMqtt(`mqtt://127.0.0.1:${room.server.mqttPort}`, {
        clientId: CLIENT,
        username: CLIENT,
        password: estatePassword(FLEET_KEY, CLIENT),
        reconnectPeriod: 0,
        queueQoSZero: false,
      })
      client.on('error', () => {})
      return client
    }
    for (let seq = 1; room.isOpen; seq++) {
      sent.last = seq
      const text = sampleOf(seq)
      while (room.server.death === null && !sent.acknowledged.has(seq)) {
        if (await publish(await reach(), text)) sent.acknowledged.add(seq)
        else life = 0
      }
      if (seq % 10 === 0) {
        sent.bad.inDoubt++
        if (await publish(await reach(), '{"server_id":"soak-machine"}')) {
          sent.bad.inDoubt--
          sent.bad.acknowledged++
        } else life = 0
      }
      room.did('machine samples acknowledged')
      await room.rest(MACHINE_PAUSE_MS)
    }
    client?.end(true)
  }
  return { sent, done: run() }
}

const sampleOf = (seq: number) =>
  JSON.stringify({
    timestamp: new Date().toISOString(),
    server_id: MACHINE,
    boot: 'soak',
    seq,
    interval_seconds: 30,
    cpu_percent: seq % 100,
    memory_percent: 50,
    status: 'healthy',
  })
