/** What a campaign would meet if it started now. Pure. */
import { rfc3339 } from '../../shared/clock.ts'
import type { Manifest } from '../../vehicle/release.ts'
import { type ExclusionReason, exclusionReasons } from '../../vehicle/update-states.ts'
import type { PreviewReply, PreviewRequest } from './api.ts'
import { exclusionOf, isPermanent, type VehicleFacts } from './eligibility.ts'

const EXAMPLES_MAX = 5

/** @param vehicles that the target means @param now Unix ms */
export function previewOf(
  vehicles: Iterable<VehicleFacts & { vehicle: string; refused: boolean }>,
  release: Manifest,
  { battery_floor_percent, window }: Pick<PreviewRequest, 'battery_floor_percent' | 'window'>,
  now: number,
): PreviewReply {
  const conditions = { now, batteryFloorPercent: battery_floor_percent, window }
  const groups = new Map<ExclusionReason, { vehicles: number; examples: string[] }>()
  let matching = 0
  for (const vehicle of vehicles) {
    matching++
    const reason = exclusionOf(vehicle, release, { ...conditions, refused: vehicle.refused })
    if (reason === null) continue
    const group = groups.get(reason) ?? { vehicles: 0, examples: [] }
    groups.set(reason, group)
    group.vehicles++
    if (group.examples.length < EXAMPLES_MAX) group.examples.push(vehicle.vehicle)
  }
  const excluded = exclusionReasons.flatMap(reason => {
    const group = groups.get(reason)
    const lasting: 'permanent' | 'temporary' = isPermanent(reason) ? 'permanent' : 'temporary'
    return group ? [{ reason, lasting, ...group }] : []
  })
  const count = (lasting: 'permanent' | 'temporary') =>
    excluded.reduce((sum, group) => sum + (group.lasting === lasting ? group.vehicles : 0), 0)
  const permanent = count('permanent')
  const temporary = count('temporary')
  return {
    at: rfc3339(now),
    release_version: release.version,
    matching,
    eligible: matching - permanent - temporary,
    permanent,
    temporary,
    excluded,
  }
}
