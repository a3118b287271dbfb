/** Which ports of the stack are free, and who has the others. */
import { twinloopAt } from '../stack/app-port.ts'
import { askHealth } from '../stack/health.ts'
import { describe, type Listener, whoListens } from '../stack/listeners.ts'
import { partNames, parts, type Service } from '../stack/parts.ts'
import { addressOf, type Settings } from '../stack/settings.ts'
import { type Check, ok, problem, warning } from './check.ts'

/** @param own what answers there if it is what belongs there, such as `Twinloop 0.1.0`; else null */
export function decidePort(
  name: Service,
  port: number,
  listener: Listener | null,
  own: string | null,
): Check {
  const title = `port ${port} (${name})`
  if (listener === null) return ok(title, 'free')
  const who = describe(listener)
  if (own !== null) return ok(title, `${own} runs there: ${who}`)
  const stop = listener.pid === null ? 'end it' : `kill ${listener.pid}`
  return name === 'app'
    ? problem(title, `taken by ${who}`, `${stop}; or take another port: npm start -- --port ${port + 1}`)
    : warning(title, `taken by ${who}`, `${stop}; or set ${parts[name].portVariable} in the shell or in .env`)
}

/** Looks at each port. */
export function lookAtPorts(settings: Settings): Promise<Check[]> {
  const services: Service[] = ['app', ...partNames]
  return Promise.all(
    services.map(async name => {
      const port = settings.ports[name]
      const host = name === 'app' ? (settings.variables.HOST ?? '0.0.0.0') : '127.0.0.1'
      const listener = await whoListens(port, host)
      return decidePort(name, port, listener, listener && (await ownAt(name, settings)))
    }),
  )
}

async function ownAt(name: Service, settings: Settings): Promise<string | null> {
  const address = addressOf(settings, name)
  if (name !== 'app') return (await askHealth(address, parts[name])).well ? name : null
  const version = await twinloopAt(address)
  return version === null ? null : `Twinloop ${version}`
}
