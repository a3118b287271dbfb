import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** Headers that offer another protocol, and what `Connection` says of them. */
const OFFERS = /^(upgrade|http2-settings)$/i

/**
 * Puts a request back on its connection as if it had offered nothing, so that it is read once more.
 * @param head what came after its headers
 */
export function withoutUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Duplex {
  const { method, url, httpVersion, rawHeaders } = request
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2)
    if (/^connection$/i.test(name)) lines.push(`Connection: ${withoutOffers(value)}`)
    else if (!OFFERS.test(name)) lines.push(`${name}: ${value}`)
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
  return socket
}

const withoutOffers = (tokens: string): string =>
  tokens
    .split(',')
    .map(token => token.trim())
    .filter(token => !OFFERS.test(token))
    .join(', ') || 'keep-alive'

/** Answers in HTTP who asked for another protocol, and hangs up. */
export function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}
