/** Queries about single updates and vehicles, for lists, the export and the preview. */
import type { Db } from '../../db/open.ts'
import type { Ecu } from '../../vehicle/equipment.ts'
import type { UpdateReason, UpdateState } from '../../vehicle/update-states.ts'
import type { VehicleFacts } from './eligibility.ts'
import type { Transition } from './schema.ts'
import type { Target } from './settings.ts'
import { targetCondition, targetParams } from './target.ts'

export interface UpdateLine {
  row: number
  updateId: string
  vehicle: string
  wave: number
  state: UpdateState
  reason: UpdateReason | null
  blocked: UpdateReason | null
  attempt: number
  progress: number | null
  releaseVersion: string
  since: number
  settledAt: number | null
}
export interface UpdatesFilter {
  campaign: number
  state?: UpdateState | undefined
  wave?: number | undefined
  limit: number
  after: number
}
export type Candidate = VehicleFacts & { vehicle: string; refused: boolean }
type Stored = Record<'online' | 'refused', 0 | 1> & { parked: 0 | 1 | null; ecus: string }
type CandidateRow = Omit<Candidate, keyof Stored> & Stored

export type UpdateReportStore = ReturnType<typeof createUpdateReportStore>

export function createUpdateReportStore({ $client: client }: Db) {
  const select = `SELECT u.row, u.update_id AS updateId, v.vehicle, u.wave, u.state, u.reason, u.blocked, u.attempt,
      u.progress, r.version AS releaseVersion, u.since, u.settled_at AS settledAt
    FROM vehicle_updates u JOIN vehicles v ON v.id = u.vehicle JOIN releases r ON r.row = u.release`
  // Each filter has its index: of the campaign and state, of the campaign and wave.
  const page = (condition: string) =>
    client.prepare<unknown[], UpdateLine>(
      `${select} WHERE u.campaign = @campaign AND u.row > @after ${condition} ORDER BY u.row LIMIT @limit`,
    )
  const pages = {
    all: page(''),
    state: page('AND u.state = @state'),
    wave: page('AND u.wave = @wave'),
    both: page('AND u.state = @state AND u.wave = @wave'),
  }
  const update = client.prepare<unknown[], UpdateLine>(
    `${select} JOIN campaigns c ON c.row = u.campaign WHERE u.update_id = ? AND c.id = ?`,
  )
  const columns =
    'row, update_row AS updateRow, from_state AS "from", to_state AS "to", at, reason, attempt, actor'
  const transitions = client.prepare<unknown[], Transition>(
    `SELECT ${columns} FROM update_transitions WHERE update_row = ? ORDER BY row LIMIT ?`,
  )
  const transitionsBetween = client.prepare<unknown[], Transition>(
    `SELECT ${columns} FROM update_transitions WHERE update_row BETWEEN ? AND ? ORDER BY update_row, row`,
  )
  const candidates = client.prepare<unknown[], CandidateRow>(
    `SELECT vehicle, active_update AS activeUpdate, online, firmware, release_counter AS releaseCounter, ecus,
       battery_percent AS batteryPercent, low_voltage_volts AS lowVoltageVolts, parked,
       EXISTS (SELECT 1 FROM vehicle_updates u WHERE u.vehicle = vehicles.id AND u.state = 'REJECTED'
         AND u.release = @release) AS refused
     FROM vehicles WHERE ${targetCondition} ORDER BY id`,
  )

  return {
    updates({ state, wave, ...rest }: UpdatesFilter): UpdateLine[] {
      const filtered =
        state !== undefined ? (wave !== undefined ? 'both' : 'state') : wave !== undefined ? 'wave' : 'all'
      return pages[filtered].all({ ...rest, state, wave })
    },
    update: (updateId: string, campaignId: string) => update.get(updateId, campaignId),
    transitions: (updateRow: number, limit: number) => transitions.all(updateRow, limit),
    transitionsBetween: (first: number, last: number) => transitionsBetween.all(first, last),
    /** The vehicles that a target means. */
    candidates(target: Target, release: number): Candidate[] {
      // Most vehicles have the same manifest as another.
      const manifests = new Map<string, Ecu[]>()
      return candidates.all({ ...targetParams(target), release }).map(row => {
        const ecus = manifests.get(row.ecus) ?? (JSON.parse(row.ecus) as Ecu[])
        manifests.set(row.ecus, ecus)
        return {
          vehicle: row.vehicle,
          activeUpdate: row.activeUpdate,
          online: row.online === 1,
          firmware: row.firmware,
          releaseCounter: row.releaseCounter,
          ecus,
          batteryPercent: row.batteryPercent,
          lowVoltageVolts: row.lowVoltageVolts,
          parked: row.parked === null ? null : row.parked === 1,
          refused: row.refused === 1,
        }
      })
    },
  }
}
