/** What the live stream tells of delivery. */
import type { Topic } from '../http/event-streams.ts'
import type { Clock } from '../shared/clock.ts'
import { rfc3339 } from '../shared/clock.ts'
import type {
  AlertsFrame,
  BurnShape,
  DeliveryFrame,
  DeliveryKpis,
  DeploymentShape,
  TroubleShape,
} from './api.ts'
import type { BurnWatch } from './burn-watch.ts'
import type { Faults } from './faults.ts'
import { objectives } from './objectives.ts'
import type { Release, Releases } from './releases.ts'
import type { Alert, Incident } from './schema.ts'
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

const alertOf = (subject: string) => objectives.find(({ name }) => name === subject)?.alert ?? null

/** What is wrong beside the alerts that fire: open incidents, newest first, then budgets that burn without one. */
export function troublesBeside(
  firing: readonly Pick<Alert, 'subject' | 'incident'>[],
  open: readonly Pick<Incident, 'row' | 'subject' | 'severity' | 'startedAt'>[],
  burns: readonly BurnShape[],
): TroubleShape[] {
  const paging = burns.filter(burn => burn.paging)
  const isTold = (subject: string, incident: number | null) =>
    firing.some(alert => alert.subject === subject || (incident !== null && alert.incident === incident))
  const incidents = open.map(({ row, subject, severity, startedAt }) => ({
    subject,
    severity,
    incident: row,
    starts_at: rfc3339(startedAt),
    burn: paging.find(({ objective }) => objective === subject) ?? null,
    alert: alertOf(subject),
  }))
  const others = paging
    .filter(({ objective }) => !open.some(({ subject }) => subject === objective))
    .map(burn => ({
      subject: burn.objective,
      severity: 'page' as const,
      incident: null,
      starts_at: null,
      burn,
      alert: alertOf(burn.objective),
    }))
  return [...incidents.reverse(), ...others].filter(({ subject, incident }) => !isTold(subject, incident))
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
      async produce(): Promise<Omit<AlertsFrame, 'at'>> {
        const firing = store.firing()
        return {
          firing: firing.map(alertShape),
          troubles: troublesBeside(firing, store.openIncidents(), watch.burns()),
          announced: store.alerts(1).length > 0,
          faults: faults.names(),
        }
      },
    },
    delivery: {
      everyMs: EVERY_MS,
      async produce(): Promise<Omit<DeliveryFrame, 'at'>> {
        const previous = releases.previous()
        return {
          running: running(),
          previous: previous ? { version: previous.version, commit: previous.commit } : null,
          next: releases.next(),
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
