/** What the live stream tells of delivery. */
import type { Topic } from '../http/event-streams.ts'
import type { Clock } from '../shared/clock.ts'
import { rfc3339 } from '../shared/clock.ts'
import type { AlertsFrame, DeliveryFrame, DeliveryKpis, DeploymentShape } from './api.ts'
import type { BurnWatch } from './burn-watch.ts'
import type { Faults } from './faults.ts'
import type { Release, Releases } from './releases.ts'
import { alertShape, deploymentShape, incidentShape } from './shapes.ts'
import type { DeliveryStore } from './store.ts'

const SHOWN = 5
const EVERY_MS = 1000
const KPI_DAYS = 30

interface Parts {
  own: Release
  store: DeliveryStore
  faults: Faults
  releases: Releases
  watch: BurnWatch
  kpis: (days: number) => DeliveryKpis
  clock: Clock
}

export function deliveryTopics(parts: Parts): Record<'alerts' | 'delivery', Topic> {
  const { own, store, faults, releases, watch, kpis, clock } = parts
  const startedAt = clock.now()

  /** What runs before it was written down: this program. */
  const unwritten = (): DeploymentShape => ({
    id: 0,
    version: own.version,
    commit: own.commit,
    env: own.env,
    kind: 'start',
    by: 'process',
    simulated: false,
    planned: true,
    faults: [],
    committed_at: null,
    deployed_at: rfc3339(startedAt),
    ended_at: null,
    failed: false,
  })

  function running(): DeploymentShape {
    const { id } = releases.running()
    const deployment = id === null ? undefined : store.deployment(id)
    return deployment ? deploymentShape(deployment) : unwritten()
  }

  return {
    alerts: {
      everyMs: EVERY_MS,
      produce: async (): Promise<Omit<AlertsFrame, 'at'>> => ({
        firing: store.firing().map(alertShape),
        faults: faults.names(),
      }),
    },
    delivery: {
      everyMs: EVERY_MS,
      async produce(): Promise<Omit<DeliveryFrame, 'at'>> {
        const previous = releases.previous()
        return {
          running: running(),
          previous: previous ? { version: previous.version, commit: previous.commit } : null,
          faults: faults.state(),
          deployments: store.deployments(SHOWN).map(deploymentShape),
          incidents: store.incidents(SHOWN).map(incidentShape),
          burn: watch.burns(),
          kpis: kpis(KPI_DAYS),
        }
      },
    },
  }
}
