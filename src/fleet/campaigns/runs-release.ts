import type { Release } from './schema.ts'

/** Whether what runs in a vehicle is this release. */
export const runsRelease = (
  { firmware, releaseCounter }: { firmware: string; releaseCounter: number },
  release: Release,
): boolean => firmware === release.version && releaseCounter === release.releaseCounter
