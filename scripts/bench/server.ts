import { type ChildProcess, spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { join } from 'node:path'

export const TOKEN = 'bench-presenter-token'
export const FLEET_KEY = 'bench-fleet-key'
const root = new URL('../..', import.meta.url).pathname

export interface Server {
  url: string
  stop(): Promise<void>
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>
}

/** The real server as `npm start` runs it, its log going to a file in `folder`. */
export const startServer = (
  folder: string,
  dbPath: string,
  more: Record<string, string> = {},
): Promise<Server> =>
  start(
    ['dist/main.js', '--port', '0', '--host', '127.0.0.1', '--db', dbPath],
    join(folder, 'server.log'),
    // What is measured is what was asked for, not this machine's own samples.
    { ESTATE_HOST: 'off', ...more },
  )

export const startBareServer = (folder: string): Promise<Server> =>
  start(['--import', 'tsx', 'scripts/bench/bare-server.ts'], join(folder, 'bare.log'))

async function start(args: string[], log: string, more: Record<string, string> = {}): Promise<Server> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, PRESENTER_TOKEN: TOKEN, FLEET_KEY, MQTT_PORT: '0', LOG_LEVEL: 'info', ...more },
    stdio: ['ignore', openSync(log, 'a'), 'pipe'],
  })
  return { url: await addressOf(child), stop: () => end(child, 'SIGTERM'), kill: () => end(child, 'SIGKILL') }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stderr?.setEncoding('utf8').on('data', part => {
      text += part
      const found = /http:\/\/localhost:(\d+)/.exec(text)
      if (found) resolve(`http://127.0.0.1:${found[1]}`)
    })
    child.once('exit', code => reject(new Error(`the server ended with ${code}:\n${text}`)))
  })
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise(resolve => {
    child.removeAllListeners('exit')
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}

/** What the server's memory is now, as it says itself. */
export async function residentMegabytes(url: string): Promise<string> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const bytes = Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1])
  return (bytes / 1024 / 1024).toFixed(0)
}

/** Where its vehicles connect. */
export async function mqttPortOf(url: string): Promise<number> {
  const { mqtt_port } = (await (await fetch(`${url}/fleet/connection`)).json()) as { mqtt_port: number }
  return mqtt_port
}
