/** The way in for phones: an address, and codes that cameras read. */
import QRCode from 'qrcode'
import { lanAddress } from '../../shared/lan-address.ts'
import type { JoinReply } from '../api.ts'

export interface JoinOptions {
  /** Where the server listens. */
  host: string
  port: () => number
  publicUrl: string | null
  wifi: { ssid: string; password: string | null } | null
}

export interface Join {
  reply(): JoinReply
  /** An SVG of the address. */
  code(): Promise<string>
  /** An SVG that lets a phone into the network; null: none was told. */
  wifiCode(): Promise<string | null>
}

/** Dark on white with its quiet zone, whatever the page's colours: cameras need it so. */
const look = { type: 'svg', margin: 3, errorCorrectionLevel: 'M' } as const

export function createJoin({ host, port, publicUrl, wifi }: JoinOptions): Join {
  function reply(): JoinReply {
    const told = { wifi: wifi && { ssid: wifi.ssid } }
    if (publicUrl) return { url: publicUrl.replace(/\/$/, ''), local_only: false, ...told }
    const everywhere = host === '0.0.0.0' || host === '::'
    const reached = everywhere ? lanAddress() : host
    const isLocal = reached === undefined || /^(localhost|127\.|::1$)/.test(reached)
    const name = reached ?? 'localhost'
    return {
      url: `http://${name.includes(':') ? `[${name}]` : name}:${port()}`,
      local_only: isLocal,
      ...told,
    }
  }
  return {
    reply,
    code: () => QRCode.toString(reply().url, look),
    wifiCode: async () => wifi && QRCode.toString(wifiText(wifi), look),
  }
}

/** What phones understand as a network to join: its special characters are escaped. */
export function wifiText({ ssid, password }: { ssid: string; password: string | null }): string {
  const escaped = (text: string) => text.replaceAll(/[\\;,:"]/g, '\\$&')
  return password === null
    ? `WIFI:T:nopass;S:${escaped(ssid)};;`
    : `WIFI:T:WPA;S:${escaped(ssid)};P:${escaped(password)};;`
}
