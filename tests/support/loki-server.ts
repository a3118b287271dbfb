/** A Loki for tests: it keeps what it is pushed, and is as ill as it is told. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A status that it answers (2xx: it keeps the lines), or how else it behaves. */
export type Mood =
  | number
  | 'hangs'
  | 'closes the socket'
  | 'keeps, then closes the socket'
  | 'breaks off its answer'

/** One line as Loki keeps it. */
export interface Kept {
  labels: Record<string, string>
  /** Nanoseconds. */
  time: string
  line: string
}

export interface Asked {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
  at: number
}

export interface LokiServer {
  readonly url: string
  mood: Mood
  /** What is kept, in the order of arrival. */
  readonly kept: Kept[]
  /** Every request, whatever became of it. */
  readonly asked: Asked[]
  /** The most requests that were open at once. */
  readonly mostAtOnce: number
  /** Answers what hangs: it was only slow. */
  release(): void
  /** Is gone: nobody listens. */
  stop(): Promise<void>
  /** Is back, at the same address. */
  start(): Promise<void>
}

const REASON = 'the words of this Loki'

/** Listens until the test ends. */
export async function lokiServer(): Promise<LokiServer> {
  const kept: Kept[] = []
  const asked: Asked[] = []
  const hanging: (() => void)[] = []
  let open = 0
  let mostAtOnce = 0
  let port = 0

  function keep(body: string) {
    const { streams } = JSON.parse(body) as {
      streams: { stream: Record<string, string>; values: [string, string][] }[]
    }
    for (const { stream, values } of streams)
      for (const [time, line] of values) kept.push({ labels: stream, time, line })
  }

  function answer(mood: Mood, body: string, response: ServerResponse): void {
    if (mood === 'hangs') hanging.push(() => answer(204, body, response))
    else if (mood === 'closes the socket') response.destroy()
    else if (mood === 'keeps, then closes the socket') {
      keep(body)
      response.destroy()
    } else if (mood === 'breaks off its answer') {
      response.writeHead(500, { 'content-length': 1000 }).write(REASON, () => response.destroy())
    } else {
      if (mood < 300) keep(body)
      response.writeHead(mood).end(mood === 204 ? undefined : REASON)
    }
  }

  const server = createServer((request, response) => {
    mostAtOnce = Math.max(mostAtOnce, ++open)
    response.on('close', () => open--)
    let body = ''
    request.setEncoding('utf8').on('data', part => {
      body += part
    })
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      asked.push({ method, path, headers, body, at: performance.now() })
      answer(loki.mood, body, response)
    })
  })
  const stop = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  const start = () =>
    new Promise<void>(resolve => {
      server.listen(port, '127.0.0.1', () => {
        port = (server.address() as AddressInfo).port
        resolve()
      })
    })
  await start()
  onTestFinished(stop)

  const loki: LokiServer = {
    url: `http://127.0.0.1:${port}`,
    mood: 204,
    kept,
    asked,
    get mostAtOnce() {
      return mostAtOnce
    },
    release: () => {
      for (const go of hanging.splice(0)) go()
    },
    stop,
    start,
  }
  return loki
}
