/** One function for each thing that happens to a campaign or a release: its log line and its metrics together. */
import type { Log } from '../observability/logger.ts'
import type { Instruments } from '../observability/metrics.ts'
import type { CampaignEvent } from './campaigns/commands.ts'
import { outcomeOf } from './campaigns/transitions.ts'
import type { fleetMetrics } from './metrics.ts'

type Told = { [K in CampaignEvent['kind']]: (event: Extract<CampaignEvent, { kind: K }>) => void }

export function createCampaignEvents(
  log: Log,
  m: Instruments<typeof fleetMetrics>,
): (event: CampaignEvent) => void {
  const told: Told = {
    release_created: ({ version, releaseCounter, tampered, actor }) =>
      log.info('release_created', 'a release was made', {
        release: version,
        release_counter: releaseCounter,
        tampered,
        actor,
      }),
    campaign_created: ({ kind, version, ...fields }) =>
      log.info(kind, 'a campaign was made', { ...fields, release: version }),
    campaign_approved: ({ kind, ...fields }) => log.info(kind, 'a campaign was approved', fields),
    campaign_started: ({ kind, version, ...fields }) =>
      log.info(kind, 'a campaign started', { ...fields, release: version }),
    wave_started: ({ kind, ...fields }) => log.info(kind, 'a wave started', fields),
    campaign_paused({ kind, timeToDetectMs, blastRadius, ...fields }) {
      m.ota_pauses_total.inc({ rule: fields.rule })
      log.warn(kind, 'a campaign was paused', {
        ...fields,
        time_to_detect_ms: timeToDetectMs,
        blast_radius: blastRadius,
      })
    },
    campaign_resumed: ({ kind, version, ...fields }) =>
      log.info(kind, 'a campaign goes on', { ...fields, release: version }),
    campaign_aborted: ({ kind, ...fields }) => log.warn(kind, 'a campaign was aborted', fields),
    campaign_finished: ({ kind, ...fields }) => log.info(kind, 'a campaign finished', fields),
    update_transition({ kind, update_id, ...fields }) {
      m.ota_transitions_total.inc({ to: fields.to })
      const outcome = outcomeOf(fields.to, fields.reason)
      if (outcome) m.ota_updates_settled_total.inc({ outcome })
      if (outcome === 'failed') m.ota_failures_total.inc({ reason: fields.reason ?? 'unknown' })
      log[outcome === 'failed' ? 'warn' : 'info'](kind, 'an update moved on', { ...fields, update_id })
    },
    status_ignored({ why, ...fields }) {
      m.ota_statuses_ignored_total.inc({ reason: why })
      const { vehicle, update_id, state, attempt } = fields
      log.debug('update_status_ignored', 'a status of a vehicle changed nothing', {
        vehicle,
        update_id,
        state,
        attempt,
        reason: why,
      })
    },
  }
  return event => told[event.kind](event as never)
}
