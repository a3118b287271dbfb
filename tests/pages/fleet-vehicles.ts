/** Vehicles for the tests of the page: they say what a test wants, over MQTT as the real ones. */
import { connectAsync, type MqttClient } from 'mqtt'
import { makeVin } from '../../src/simulator/vehicles/identity.ts'
import { devicePassword } from '../../src/vehicle/credentials.ts'
import { ecuNames, type Model, type Region } from '../../src/vehicle/equipment.ts'
import type { OnlineState } from '../../src/vehicle/messages.ts'
import type { SignalValues } from '../../src/vehicle/signals.ts'
import { topicOf, type Uplink } from '../../src/vehicle/topics.ts'
import { FLEET_KEY } from '../support/world.ts'

export interface TestVehicle {
  name: string
  /** Says how it is. */
  sample(signals: SignalValues): Promise<void>
  end(): Promise<void>
}

interface Wanted {
  number: number
  region?: Region
  model?: Model
  firmware?: string
  signals?: SignalValues
}

const BOOT = 'boot-of-the-tests'
const YEAR = 2025

/** What a parked, charged vehicle in Austin says, unless a test wants something else. */
export const parkedInAustin: SignalValues = {
  'Vehicle.Speed': 0,
  'Vehicle.TraveledDistance': 12_000_000,
  'Vehicle.CurrentLocation.Latitude': 30.27,
  'Vehicle.CurrentLocation.Longitude': -97.74,
  'Vehicle.CurrentLocation.Heading': 90,
  'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current': 82,
  'Vehicle.LowVoltageBattery.CurrentVoltage': 12.6,
  'Vehicle.Powertrain.Transmission.IsParkLockEngaged': true,
  'Vehicle.Private.Connectivity.SignalStrength': -65,
}

/** Connects a vehicle with the broker of a server; it says its state and one sample. */
export async function testVehicle(url: string, wanted: Wanted): Promise<TestVehicle> {
  const { number, region = 'austin', model = 'aurora', firmware = '1.3.0', signals = {} } = wanted
  const name = `vehicle_${String(number).padStart(5, '0')}`
  const { mqtt_port } = (await (await fetch(`${url}/fleet/connection`)).json()) as { mqtt_port: number }
  const client: MqttClient = await connectAsync(`mqtt://127.0.0.1:${mqtt_port}`, {
    clientId: name,
    username: name,
    password: devicePassword(FLEET_KEY, name),
    reconnectPeriod: 0,
  })
  const say = async (kind: Uplink, message: object) =>
    void (await client.publishAsync(topicOf(name, kind), JSON.stringify(message), { qos: 1 }))
  let seq = 0
  const state: OnlineState = {
    vehicle: name,
    boot: BOOT,
    at: Date.now(),
    online: true,
    vin: makeVin(number, model, YEAR),
    model,
    year: YEAR,
    region,
    hardware: 'A',
    firmware,
    release_counter: 3,
    slot: 'a',
    ecus: ecuNames.map(ecu => ({ ecu, hardware: 'A', version: firmware })),
    connectivity: '5g',
  }
  const sample = async (values: SignalValues) => {
    seq += 1
    const at = Date.now()
    await say('telemetry', {
      vehicle: name,
      boot: BOOT,
      sent: at,
      samples: [{ seq, at, signals: { ...parkedInAustin, ...signals, ...values } }],
    })
  }
  await say('state', state)
  await sample({})
  return { name, sample, end: () => client.endAsync() }
}
