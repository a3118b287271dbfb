/**
 * Everything that the fleet keeps secret comes from one key: a password for each vehicle, a token for each vehicle's
 * app, the key that signs releases. So there is no table of secrets, and none is stored twice.
 */
import { createHmac, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto'

const derived = (key: string, purpose: string, of: string) =>
  createHmac('sha256', key).update(`${purpose}:${of}`).digest('base64url')

/** The password with which a vehicle signs in at the broker; its user name and client id are its name. */
export const devicePassword = (key: string, vehicle: string): string => derived(key, 'device', vehicle)

/** The server's own user name at another broker, and the name under which that keeps its messages. */
export const SERVER_NAME = 'twinloop-server'

/** The password that goes with it. */
export const serverPassword = (key: string): string => derived(key, 'server', SERVER_NAME)

/** The token with which the app of a vehicle's owner calls the vehicle API. */
export const appToken = (key: string, vehicle: string): string => derived(key, 'app', vehicle)

/** RFC 8410: what stands before the 32 bytes of an ed25519 key in PKCS #8. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The key that signs releases. */
export function signingKey(key: string): KeyObject {
  const seed = Buffer.from(hkdfSync('sha256', key, '', 'release-signing', 32))
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' })
}

/** Its public half, as `publicKeyFrom` reads it. */
export const publicKeyText = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64url')
