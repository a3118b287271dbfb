/** The built server in a folder of its own, on free ports, with everything that pictures show. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const TOKEN = 'token-of-the-screenshots'
const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const nowhere = 'http://127.0.0.1:9'

// biome-ignore lint/suspicious/noExplicitAny: answers of many calls, read by name
type Answer = any

export interface ServerToShow {
  /** Without a slash at its end. */
  url: string
  /** Asks as the presenter. @throws Error unless the answer is 2xx */
  ask(method: string, path: string, body?: unknown): Promise<Answer>
  /** Ends it and removes its folder. */
  remove(): Promise<void>
}

/** @throws Error with what it said when it does not start */
export async function startServerToShow(): Promise<ServerToShow> {
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-screenshots-'))
  const child = spawn(process.execPath, [main, '--port', '0', '--host', '127.0.0.1'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      PRESENTER_TOKEN: TOKEN,
      // What visitors scan; nothing there is asked.
      PUBLIC_URL: 'http://twinloop.example',
      MQTT_PORT: '0',
      RATE_LIMIT: '0',
      FAULTS: 'on',
      FLEET_VEHICLES: '60',
      FLEET_SPEED: '10',
      ESTATE_SERVERS: '40',
      ESTATE_HISTORY_DAYS: '1',
      ESTATE_HOST: 'off',
      APP_COMMIT: '0000000',
      // A stack that happens to run here is not in the pictures: nothing listens there.
      PROMETHEUS_URL: nowhere,
      ALERTMANAGER_URL: nowhere,
      LOKI_READ_URL: nowhere,
      GRAFANA_URL: nowhere,
    },
    stdio: ['ignore', openSync(join(folder, 'server.log'), 'a'), 'pipe'],
  })
  const exited = once(child, 'exit')
  async function remove() {
    if (child.exitCode === null) child.kill()
    await exited
    rmSync(folder, { recursive: true, force: true })
  }

  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', part => {
      said += part
      const found = /http:\/\/localhost:(\d+)/.exec(said)
      if (found) resolve(`http://127.0.0.1:${found[1]}`)
    })
    void exited.then(([code]) => reject(new Error(`the server ended with ${code}:\n${said}`)))
  }).catch(async error => {
    await remove()
    throw error
  })

  async function ask(method: string, path: string, body: unknown = {}): Promise<Answer> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      ...(method !== 'GET' && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
  return { url, ask, remove }
}
