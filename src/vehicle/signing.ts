/** The signature of a release: ed25519 (RFC 8032) over the canonical text of its manifest. */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { Manifest } from './release.ts'

/** The text that is signed: JSON with sorted keys and no spaces, so both sides make the same one. */
export const canonicalText = (value: unknown): string =>
  JSON.stringify(value, (_key, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )

export const signManifest = (manifest: Manifest, key: KeyObject): string =>
  sign(null, Buffer.from(canonicalText(manifest)), key).toString('base64url')

/** Whether the signature is of this manifest by the owner of that key. Never throws for a broken signature. */
export const isSigned = (manifest: Manifest, signature: string, publicKey: KeyObject): boolean =>
  verify(null, Buffer.from(canonicalText(manifest)), publicKey, Buffer.from(signature, 'base64url'))

/** @param text as `GET /fleet/connection` names it: SPKI in DER, base64url */
export const publicKeyFrom = (text: string): KeyObject =>
  createPublicKey({ key: Buffer.from(text, 'base64url'), format: 'der', type: 'spki' })
