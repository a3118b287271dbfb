/** A server that speaks WebSocket, real clients, and what was told of them. */
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { listen } from '../../../src/http/server.ts'
import { type CloseReason, createWebSocketFeed, type WebSocketOptions } from '../../../src/http/websocket.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { waitFor } from '../../support/wait-for.ts'

export interface Told {
  opened: number
  refused: number
  closed: CloseReason[]
  sent: number
  failed: number
}

export interface Client {
  socket: WebSocket
  messages: string[]
  code: number | null
}

export async function socketLab(options: Partial<WebSocketOptions> = {}) {
  const told: Told = { opened: 0, refused: 0, closed: [], sent: 0, failed: 0 }
  let state: unknown = 0
  let made = 0
  let isBroken = false
  const feed = createWebSocketFeed({
    path: '/ws/metrics',
    produce: async () => {
      made++
      if (isBroken) throw new Error('no state today')
      return { timestamp: `made ${made}`, state }
    },
    clock: systemClock,
    observer: {
      opened: () => void told.opened++,
      refused: () => void told.refused++,
      closed: reason => void told.closed.push(reason),
      sent: messages => {
        told.sent += messages
      },
      failed: () => void told.failed++,
    },
    trustedProxies: 0,
    ...options,
  })
  const requests: string[] = []
  const fetch = async (request: Request) => {
    requests.push(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`)
    return new Response('plain')
  }
  const listener = await listen({ fetch }, { host: '127.0.0.1', port: 0, variable: 'PORT' }, feed)
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= listener.drain(1000)
    return stopped
  }
  const clients: Client[] = []
  onTestFinished(async () => {
    for (const { socket } of clients) socket.terminate()
    await stop()
  })
  const url = `ws://127.0.0.1:${listener.port}/ws/metrics`

  /** Resolves when it is open. */
  function open(headers: Record<string, string> = {}): Promise<Client> {
    const socket = new WebSocket(url, { headers })
    const client: Client = { socket, messages: [], code: null }
    clients.push(client)
    socket.on('message', data => void client.messages.push(String(data)))
    socket.on('close', code => {
      client.code = code
    })
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(client))
      socket.once('error', reject)
    })
  }

  /** The status line that a hand-made request is answered with. */
  function statusOf(lines: readonly string[], body = ''): Promise<string> {
    return new Promise(resolve => {
      const socket: Socket = connect(listener.port, '127.0.0.1')
      let text = ''
      socket.on('data', chunk => {
        text += chunk
      })
      socket.on('close', () => resolve(text))
      socket.on('error', () => {})
      socket.write(
        `${[...lines, 'Host: localhost', 'Connection: close, Upgrade'].join('\r\n')}\r\n\r\n${body}`,
      )
    })
  }

  return {
    feed,
    told,
    requests,
    stop,
    open,
    statusOf,
    url,
    port: listener.port,
    made: () => made,
    change: (to: unknown) => {
      state = to
    },
    breaks: (now: boolean) => {
      isBroken = now
    },
  }
}

export const WAIT_MS = 20_000
export const until = (holds: () => boolean) => waitFor(holds, WAIT_MS)
export const statesOf = ({ messages }: Client): unknown[] => messages.map(text => JSON.parse(text).state)
