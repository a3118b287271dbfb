/** The real built server as a process of its own, to be killed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { builtServer } from './built.ts'
import { FLEET_KEY, TOKEN } from './world.ts'

export interface Answer {
  status: number
  body: Record<string, unknown>
  headers: NodeJS.Dict<string | string[]>
}

export interface KillableServer {
  /** @throws when the connection breaks before the answer is whole */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** `kill -9`, and waits until the process is gone. */
  kill(): Promise<void>
}

/** Starts the server on a file and waits for its welcome. */
export async function startServer(
  dbPath: string,
  more: Record<string, string> = {},
): Promise<KillableServer> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(builtServer), '--port', '0', '--host', '127.0.0.1', '--db', dbPath],
    {
      env: {
        ...process.env,
        LOG_LEVEL: 'silent',
        RATE_LIMIT: '0',
        PRESENTER_TOKEN: TOKEN,
        FLEET_KEY,
        MQTT_PORT: '0',
        ...more,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const exited = once(child, 'exit')
  onTestFinished(() => void child.kill('SIGKILL'))
  const agent = new Agent({ keepAlive: true })
  const port = await new Promise<number>((resolve, reject) => {
    let text = ''
    child.stderr.setEncoding('utf8').on('data', part => {
      text += part
      const found = /http:\/\/localhost:(\d+)/.exec(text)
      if (found) resolve(Number(found[1]))
    })
    void exited.then(([code]) => reject(new Error(`the server ended with ${code} at its start:\n${text}`)))
  })
  return {
    send: (method, path, body, headers = {}) =>
      new Promise((resolve, reject) => {
        const asked = request({
          agent,
          port,
          method,
          path,
          headers: { 'content-type': 'application/json', ...headers },
        })
        asked.on('error', reject).on('response', response => {
          let text = ''
          response.setEncoding('utf8').on('data', part => {
            text += part
          })
          response.on('error', reject).on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              body: JSON.parse(text),
              headers: response.headers,
            }),
          )
        })
        asked.end(body === undefined ? undefined : JSON.stringify(body))
      }),
    async kill() {
      child.kill('SIGKILL')
      await exited
      agent.destroy()
    },
  }
}
