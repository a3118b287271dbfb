/** A release as vehicles get it. Free of everything that a browser has not. */
import type { EcuName, HardwareRevision } from './equipment.ts'

export interface Artifact {
  ecu: EcuName
  /** The hardware it runs on. */
  hardware: HardwareRevision[]
  version: string
  size_bytes: number
  /** Of its content, hex. */
  sha256: string
}

export interface Manifest {
  /** `2.0.0` */
  version: string
  /** Grows with each release; a vehicle installs none that is not above its own. */
  release_counter: number
  artifacts: Artifact[]
  /** The oldest version from which it can be installed. */
  requires_firmware: string | null
}

export const VERSION = /^\d{1,4}\.\d{1,4}\.\d{1,4}$/

/** Negative: `a` is older; 0: the same. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string) => version.split('.').map(Number)
  const [left, right] = [parts(a), parts(b)]
  for (let place = 0; place < 3; place++) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
