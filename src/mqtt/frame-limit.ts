import type { Duplex } from 'node:stream'

/** What the library's parser knows of the packet that it is reading. */
interface Parsing {
  _parser: { packet?: { length: number } }
}

/**
 * Ends a connection as soon as a packet announces that it is longer than allowed: the library would gather up to 256 MB.
 * @param maxBytes of the packet without its fixed header
 */
export function limitFrames(
  connection: Duplex,
  client: unknown,
  maxBytes: number,
  refused: () => void,
): void {
  const { _parser } = client as Parsing
  connection.on('readable', () => {
    if ((_parser.packet?.length ?? 0) <= maxBytes) return
    refused()
    connection.destroy()
  })
}
