/** What to do about a port of the app that somebody has already. */
import { describe, type Listener, whoListens } from './listeners.ts'
import type { Settings } from './settings.ts'

const ANSWER_MS = 1000

/** The version of the Twinloop server at an address, or null when there is none. */
export async function twinloopAt(address: string): Promise<string | null> {
  try {
    const answer = await fetch(`${address}/version`, { signal: AbortSignal.timeout(ANSWER_MS) })
    const { service, version } = (await answer.json()) as Record<string, unknown>
    return service === 'license-server' ? String(version) : null
  } catch {
    return null
  }
}

/** @param version of the Twinloop server that listens there, or null: it is something else */
export function clashText(port: number, listener: Listener, version: string | null): string {
  const kill = listener.pid === null ? 'end it' : `end it: kill ${listener.pid}`
  const own = version === null ? [] : [`  It is Twinloop ${version}. To watch it: npm run stack -- --no-app`]
  return [
    `Port ${port} is taken by ${describe(listener)}.`,
    ...own,
    `  To start the app here, ${kill}`,
    `  Or take another port: APP_PORT=${port + 1} npm run stack`,
  ].join('\n')
}

/** Why the app cannot listen, in words for people, or null when it can. */
export async function appClash({ ports, appHost, variables }: Settings): Promise<string | null> {
  const listener = await whoListens(ports.app, variables.HOST ?? '0.0.0.0')
  if (!listener) return null
  return clashText(ports.app, listener, await twinloopAt(`http://${appHost}:${ports.app}`))
}
