/** What the stream tells of delivery, for the tests of the deck: one bad release, half a minute of burning. */
import type { BurnShape, DeliveryFrame, IncidentShape } from '../../src/delivery/api.ts'

const at = (second: number) => new Date(second * 1000).toISOString()

/** The budget of availability; nobody borrows now. */
export const burnExample = (changes: Partial<BurnShape> = {}): BurnShape => ({
  objective: 'borrow-availability',
  title: 'Borrow availability',
  target: 0.995,
  long: null,
  short: null,
  long_seconds: 120,
  short_seconds: 30,
  factor: 6,
  paging: false,
  budget_left: 0.42,
  ...changes,
})

/** An incident of 46 s about it. */
export const incidentExample = (changes: Partial<IncidentShape> = {}): IncidentShape => ({
  id: 7,
  subject: 'borrow-availability',
  severity: 'page',
  opened_by: 'burn',
  deployment: 3,
  started_at: at(10),
  detected_at: at(19),
  acknowledged_at: null,
  mitigated_at: at(30),
  resolved_at: at(56),
  ...changes,
})

/** What the deck reads of a frame. */
export const deliveryExample = (
  burn: BurnShape[],
): Pick<DeliveryFrame, 'at' | 'incidents' | 'burn'> &
  Record<'running' | 'deployments' | 'kpis', unknown> => ({
  at: at(100),
  running: { version: '1.4.2', commit: '1234567' },
  deployments: [{ id: 3, version: '1.4.3', commit: '9f3c2ab41d7e' }],
  incidents: [incidentExample()],
  burn,
  kpis: {
    deployments_per_day: 0.5,
    lead_time_seconds: null,
    change_failure_rate: 0.5,
    failed_deployment_recovery_seconds: 46,
    rework_rate: 0,
  },
})
