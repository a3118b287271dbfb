/**
 * What proxies in front tell of a request. Anybody can send these headers, so they count only as far from the right
 * as there are trusted proxies: each of those adds to the end what it saw itself.
 */
import { isIP } from 'node:net'

/** The entry that the outermost trusted proxy added; of a list that is shorter, the first. */
function entryOf(list: string | undefined, trustedProxies: number): string | undefined {
  if (trustedProxies === 0 || list === undefined) return undefined
  const entries = list.split(',')
  return entries[Math.max(0, entries.length - trustedProxies)]?.trim()
}

/**
 * The address of the client: the peer's, or the one that the outermost trusted proxy saw.
 * @param forwarded the header X-Forwarded-For; what is no address in it counts as nothing
 */
export function addressBehind(peer: string, forwarded: string | undefined, trustedProxies: number): string {
  if (trustedProxies === 0) return plain(peer)
  return addressIn(entryOf(forwarded, trustedProxies) ?? '') ?? plain(peer)
}

/** Whether the client came by https. @param proto the header X-Forwarded-Proto */
export const isHttpsBehind = (proto: string | undefined, trustedProxies: number): boolean | undefined => {
  const said = entryOf(proto, trustedProxies)?.toLowerCase()
  return said === undefined ? undefined : said === 'https'
}

const WITH_PORT = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/

function addressIn(entry: string): string | null {
  const [, bracketed, dotted] = WITH_PORT.exec(entry) ?? []
  const address = bracketed ?? dotted ?? entry
  return isIP(address) === 0 ? null : plain(address)
}

/** One spelling for an IPv4 address that came through an IPv6 socket, and none of its interface. */
const plain = (address: string) => address.replace(/%.*$/, '').replace(/^::ffff:(?=[\d.]+$)/i, '')
