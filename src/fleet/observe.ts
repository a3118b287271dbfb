/** Gauges that are read from the database before each scrape. */
import type { BrokerPort } from '../mqtt/link.ts'
import type { Instruments, Metrics } from '../observability/metrics.ts'
import { exclusionReasons, updateStates } from '../vehicle/update-states.ts'
import { campaignStates } from './campaigns/api.ts'
import type { CampaignReports } from './campaigns/index.ts'
import { type fleetMetrics, OTHER_VERSION } from './metrics.ts'
import type { VehicleReports } from './vehicle-store.ts'

export interface ObservedFleet {
  metrics: Metrics
  instruments: Instruments<typeof fleetMetrics>
  reports: VehicleReports
  campaigns: CampaignReports
  broker: BrokerPort
  waiting: () => number
}

const VERSIONS_MAX = 20

export function observeFleet({
  metrics,
  instruments: m,
  reports,
  campaigns,
  broker,
  waiting,
}: ObservedFleet): void {
  // A series that is empty now says 0: it would stay at its last value.
  const states = new Set<string>()
  const versions = new Set<string>()

  metrics.beforeScrape(async () => {
    m.fleet_ingest_waiting.set({}, waiting())
    m.fleet_broker_connected.set({}, broker.connected ? 1 : 0)
    if (broker.connections !== null) m.fleet_broker_connections.set({}, broker.connections)

    const counts = new Map(
      reports.states().map(({ vehicles, ...labels }) => [JSON.stringify(labels), vehicles]),
    )
    for (const labels of counts.keys()) states.add(labels)
    for (const labels of states) m.fleet_vehicles.set(JSON.parse(labels), counts.get(labels) ?? 0)

    const byVersion = new Map<string, number>()
    for (const { version, vehicles } of reports.firmware()) {
      const known = versions.has(version) || versions.size < VERSIONS_MAX
      if (known) versions.add(version)
      const label = known ? version : OTHER_VERSION
      byVersion.set(label, (byVersion.get(label) ?? 0) + vehicles)
    }
    for (const firmware of new Set([...versions, ...byVersion.keys()]))
      m.fleet_vehicles_by_firmware.set({ firmware }, byVersion.get(firmware) ?? 0)

    const averages = reports.averages()
    // What nobody has told is no number: NaN, which Prometheus shows as a gap.
    m.fleet_battery_average_percent.set({}, averages?.battery ?? Number.NaN)
    m.fleet_battery_minimum_percent.set({}, averages?.batteryMinimum ?? Number.NaN)
    m.fleet_battery_low_vehicles.set({}, averages?.batteryLow ?? 0)
    m.fleet_speed_average_kmh.set({}, averages?.speed ?? Number.NaN)
    m.fleet_signal_average_dbm.set({}, averages?.signal ?? Number.NaN)
    const dtcs = new Map(reports.dtcCounts().map(({ status, vehicles }) => [status, vehicles]))
    for (const status of ['pending', 'confirmed'] as const)
      m.fleet_dtcs.set({ status }, dtcs.get(status) ?? 0)
  })

  metrics.beforeScrape(async () => {
    const { updatesByState, blockedByReason, campaignsByState, blastRadius, timeToDetectMs } =
      campaigns.gauges()
    for (const state of campaignStates) m.ota_campaigns.set({ state }, campaignsByState[state] ?? 0)
    for (const state of updateStates) m.ota_updates.set({ state }, updatesByState[state] ?? 0)
    for (const reason of exclusionReasons) m.ota_updates_blocked.set({ reason }, blockedByReason[reason] ?? 0)
    m.ota_blast_radius_vehicles.set({}, blastRadius ?? Number.NaN)
    m.ota_time_to_detect_seconds.set({}, timeToDetectMs === null ? Number.NaN : timeToDetectMs / 1000)
  })
}
