/**
 * The least that a server of streams can do: one buffer a second, written to every response in one loop. What the figures
 * of the audience are compared with. Run as a program; `startBareStreams` starts it.
 */
import { spawn } from 'node:child_process'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

export interface BareStreams {
  port: number
  url: string
  stop(): Promise<void>
}

const file = fileURLToPath(import.meta.url)

/** @param bytes how long each frame is */
export async function startBareStreams(bytes: number): Promise<BareStreams> {
  const child = spawn(process.execPath, ['--import', 'tsx', file, String(bytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', text => resolve(Number(text)))
    child.once('exit', code => reject(new Error(`the bare server ended with ${code}`)))
  })
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise(resolve => {
        child.removeAllListeners('exit')
        child.once('exit', () => resolve())
        child.kill()
      }),
  }
}

function serve(bytes: number) {
  const responses = new Set<ServerResponse>()
  let seq = 0
  const frame = () => Buffer.from(`event: pools\nid: bare-${seq}\ndata: "${'x'.repeat(bytes)}"\n\n`)
  const server = createServer((request, response) => {
    if (request.url === '/metrics') {
      const { user, system } = process.cpuUsage()
      const memory = process.memoryUsage.rss()
      response.end(
        `process_cpu_seconds_total ${(user + system) / 1e6}\nprocess_resident_memory_bytes ${memory}\n`,
      )
      return
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.write(frame())
    responses.add(response)
    response.once('close', () => responses.delete(response))
  })
  setInterval(() => {
    seq++
    const buffer = frame()
    for (const response of responses) response.write(buffer)
  }, 1000)
  server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
}

if (process.argv[1] === file) serve(Number(process.argv[2]))
