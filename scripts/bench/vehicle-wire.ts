/** A vehicle's connection with as little of its own work as can be: the machine is for the server. */
import { connect, type Socket } from 'node:net'
import { generate, type Packet, parser } from 'mqtt-packet'
import { identityOf } from '../../src/simulator/vehicles/identity.ts'
import { devicePassword } from '../../src/vehicle/credentials.ts'
import type { OnlineState } from '../../src/vehicle/messages.ts'

export interface WireVehicle {
  vehicle: string
  /** Sends with QoS 1. @param acknowledged is told when the broker acknowledged it */
  publish(kind: string, payload: string, acknowledged: () => void): void
  close(): void
}

/** Connects, and says what it is. Resolves when the server has taken that. */
export async function connectVehicle(port: number, key: string, number: number): Promise<WireVehicle> {
  const identity = identityOf(number)
  const { vehicle } = identity
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const waiting = new Map<number, () => void>()
  let lastId = 0
  let greeted: (error?: Error) => void = () => {}
  const hello = new Promise<void>((resolve, reject) => {
    greeted = error => (error ? reject(error) : resolve())
  })
  const reading = parser({ protocolVersion: 4 })
  reading.on('packet', (packet: Packet) => {
    if (packet.cmd === 'connack')
      greeted(packet.returnCode === 0 ? undefined : new Error(`refused with ${packet.returnCode}`))
    if (packet.cmd !== 'puback' || packet.messageId === undefined) return
    const done = waiting.get(packet.messageId)
    waiting.delete(packet.messageId)
    done?.()
  })
  socket.on('data', bytes => void reading.parse(bytes))
  socket.on('error', error => greeted(error))
  send(socket, {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: vehicle,
    username: vehicle,
    password: Buffer.from(devicePassword(key, vehicle)),
    keepalive: 120,
  })
  await hello
  const wire: WireVehicle = {
    vehicle,
    publish(kind, payload, acknowledged) {
      lastId = (lastId % 65_535) + 1
      waiting.set(lastId, acknowledged)
      send(socket, {
        cmd: 'publish',
        topic: `fleet/${vehicle}/${kind}`,
        payload,
        qos: 1,
        messageId: lastId,
        dup: false,
        retain: kind === 'state',
      })
    },
    close: () => void socket.destroy(),
  }
  const { vin, model, year, region, hardware, firmware, releaseCounter } = identity
  const state: OnlineState = {
    vehicle,
    boot: bootOf(number),
    at: Date.now(),
    online: true,
    vin,
    model,
    year,
    region,
    hardware,
    firmware,
    release_counter: releaseCounter,
    slot: 'a',
    ecus: [],
    connectivity: '5g',
  }
  await new Promise<void>(resolve => wire.publish('state', JSON.stringify(state), resolve))
  return wire
}

const send = (socket: Socket, packet: Packet) => void socket.write(generate(packet))

/** One run of the bench is one boot of each vehicle. */
const run = process.pid.toString(36)
export const bootOf = (number: number): string => `bench-${run}-${number}`

/** A sample with every signal, as the simulated vehicles send it. */
export function sampleMessage(vehicle: string, boot: string, seq: number, at: number): string {
  const signals = `{"Vehicle.Speed":${(seq % 120) + 0.25},"Vehicle.TraveledDistance":${48_213_377 + seq},"Vehicle.CurrentLocation.Latitude":39.739236,"Vehicle.CurrentLocation.Longitude":-104.990251,"Vehicle.CurrentLocation.Heading":${seq % 360},"Vehicle.Powertrain.TractionBattery.StateOfCharge.Current":${60 + (seq % 30)}.25,"Vehicle.Powertrain.TractionBattery.StateOfHealth":97.41,"Vehicle.Powertrain.TractionBattery.CurrentVoltage":371.2,"Vehicle.Powertrain.TractionBattery.Temperature.Average":27.4,"Vehicle.Powertrain.TractionBattery.Charging.IsCharging":false,"Vehicle.LowVoltageBattery.CurrentVoltage":12.6,"Vehicle.Powertrain.Transmission.IsParkLockEngaged":false,"Vehicle.Cabin.Door.Row1.DriverSide.IsLocked":true,"Vehicle.Cabin.HVAC.IsAirConditioningActive":false,"Vehicle.Private.Connectivity.SignalStrength":-71,"Vehicle.Private.Connectivity.DataUsage":${seq % 1000}.5}`
  return `{"vehicle":"${vehicle}","boot":"${boot}","sent":${at},"samples":[{"seq":${seq},"at":${at},"signals":${signals}}]}`
}
