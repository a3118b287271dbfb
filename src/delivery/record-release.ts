/** Writes down which version runs: load, decide, write, report. */
import type { DeliveryEvents } from './events.ts'
import type { DeliveryStore } from './store.ts'

export interface Release {
  version: string
  commit: string
  env: string
}

/**
 * A version or commit other than the newest one is a deployment; the same one is a restart.
 * @param at Unix ms
 * @throws Failure `storage_*`
 */
export function recordRelease(
  release: Release,
  at: number,
  { store, events }: { store: DeliveryStore; events: DeliveryEvents },
): void {
  const deployment = { ...release, deployedAt: at }
  const before = store.transaction(() => {
    const newest = store.newestDeployment()
    if (newest?.version === release.version && newest.commit === release.commit) return null
    store.addDeployment(deployment)
    return { newest }
  })
  if (before) events.released(deployment, before.newest)
}
