/** Whether vehicles can connect. */
import { connect } from 'node:net'
import { describe, type Listener, whoListens } from '../stack/listeners.ts'
import type { Variables } from '../stack/variables.ts'
import { type Check, ok, problem, warning } from './check.ts'

const MQTT_PORT = 1883
const ANSWER_MS = 2000

/** @param asked whether MQTT_PORT is set: else the server takes any free port instead */
export function decideMqttPort(port: number, listener: Listener | null, asked: boolean): Check {
  const title = `port ${port} (mqtt)`
  if (listener === null) return ok(title, 'free')
  const who = `taken by ${describe(listener)}`
  if (!asked) return ok(title, `${who}: the server takes another one and prints it`)
  return problem(title, `${who}, unless that is the server`, 'set MQTT_PORT to another port, or to 0 for any')
}

/** @param failure why no connection came about; null: it did */
export function decideBroker(address: string, failure: string | null): Check {
  return failure === null
    ? ok('broker', `${address} takes connections`)
    : warning('broker', `${address}: ${failure}`, 'start the broker of MQTT_URL; the server waits for it')
}

export async function lookAtBroker({ MQTT_URL, MQTT_PORT: asked, HOST }: Variables): Promise<Check[]> {
  if (MQTT_URL !== undefined && URL.canParse(MQTT_URL)) {
    const { hostname, port, protocol } = new URL(MQTT_URL)
    const preset = protocol === 'mqtts:' || protocol === 'ssl:' ? 8883 : MQTT_PORT
    const address = `${hostname}:${port || preset}`
    return [decideBroker(address, await failureAt(hostname, Number(port || preset)))]
  }
  const port = Number(asked ?? MQTT_PORT)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return []
  return [decideMqttPort(port, await whoListens(port, HOST ?? '0.0.0.0'), asked !== undefined)]
}

function failureAt(host: string, port: number): Promise<string | null> {
  return new Promise(resolve => {
    const socket = connect({ host, port, timeout: ANSWER_MS })
    const say = (failure: string | null) => {
      socket.destroy()
      resolve(failure)
    }
    socket.once('connect', () => say(null))
    socket.once('timeout', () => say('no answer'))
    socket.once('error', error => say(error.message))
  })
}
