/** What a release consists of, made from its name: the same for the same request. */
import { createHash, type KeyObject } from 'node:crypto'
import type { Artifact, Manifest } from '../../vehicle/release.ts'
import { signManifest } from '../../vehicle/signing.ts'
import type { ReleaseRequest } from './api.ts'

const MEGABYTE = 1_000_000
const SMALLEST_MB = 40
const LARGEST_MB = 200

/** SIMULATED content: there is no file behind it, but its name has a digest, and the digest a size. */
function artifactOf(version: string, ecu: Artifact['ecu'], hardware: Artifact['hardware']): Artifact {
  const digest = createHash('sha256').update(`twinloop ${ecu} ${version}`).digest()
  const megabytes = SMALLEST_MB + (digest.readUInt32BE(0) % (LARGEST_MB - SMALLEST_MB + 1))
  return { ecu, hardware, version, size_bytes: megabytes * MEGABYTE, sha256: digest.toString('hex') }
}

export const manifestOf = (request: ReleaseRequest, releaseCounter: number): Manifest => ({
  version: request.version,
  release_counter: releaseCounter,
  artifacts: request.ecus.map(ecu => artifactOf(request.version, ecu, request.hardware)),
  requires_firmware: request.requires_firmware,
})

/** The signature of a manifest; a tampered one is of another manifest, so it does not verify. */
export const signatureOf = (manifest: Manifest, key: KeyObject, tampered: boolean): string =>
  signManifest(tampered ? { ...manifest, release_counter: manifest.release_counter + 1 } : manifest, key)
