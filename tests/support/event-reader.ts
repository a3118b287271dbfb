/** A client of /stream that keeps every message and lets a test wait for one. */
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { onTestFinished } from 'vitest'
import type { Answer } from './wire.ts'

export interface StreamMessage {
  event: string
  id: string | undefined
  data: Answer
  at: number
}

export interface EventReader {
  response: IncomingMessage
  messages: StreamMessage[]
  /** The first message, from now or before, that fits. @throws after `timeoutMs` */
  until(fits: (message: StreamMessage) => boolean, timeoutMs?: number): Promise<StreamMessage>
  readonly ended: boolean
  close(): void
}

export function readEvents(
  port: number,
  { topics = 'pools', lastEventId }: { topics?: string; lastEventId?: string } = {},
): Promise<EventReader> {
  return new Promise((resolve, reject) => {
    const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }
    const asked: ClientRequest = request(
      { host: '127.0.0.1', port, path: `/stream?topics=${topics}`, headers, agent: false },
      response => resolve(follow(response, () => asked.destroy())),
    )
    asked.on('error', reject)
    onTestFinished(() => void asked.destroy())
    asked.end()
  })
}

function follow(response: IncomingMessage, close: () => void): EventReader {
  const messages: StreamMessage[] = []
  const watchers = new Set<() => void>()
  let rest = ''
  let ended = false
  const tell = () => {
    for (const watcher of watchers) watcher()
  }
  response.setEncoding('utf8')
  response.on('data', (text: string) => {
    const blocks = (rest + text).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const field = (name: string) => block.match(new RegExp(`^${name}: (.*)$`, 'm'))?.[1]
      const data = field('data')
      const event = field('event')
      if (event === undefined || data === undefined) continue
      messages.push({ event, id: field('id'), data: JSON.parse(data), at: performance.now() })
    }
    tell()
  })
  response.on('error', () => {})
  response.on('close', () => {
    ended = true
    tell()
  })
  return {
    response,
    messages,
    close,
    get ended() {
      return ended
    },
    until: (fits, timeoutMs = 3000) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = messages.find(fits)
          if (found === undefined && !ended) return
          watchers.delete(look)
          clearTimeout(timer)
          if (found) resolve(found)
          else reject(new Error(`the stream ended without it: ${JSON.stringify(messages)}`))
        }
        const timer = setTimeout(() => {
          watchers.delete(look)
          reject(
            new Error(`nothing came in ${timeoutMs} ms; there are ${JSON.stringify(messages).slice(-500)}`),
          )
        }, timeoutMs)
        watchers.add(look)
        look()
      }),
  }
}
