/** What the log says about campaigns, vehicles and devices. */
import type { Row } from '../board.ts'
import { eventLines, events } from '../expressions.ts'
import { logLines, table } from '../panels.ts'
import { lines } from '../targets.ts'
import { logFields } from '../transformations.ts'

export const fleetLogRow: Row = {
  title: 'What happened to the fleet',
  panels: [
    logLines({
      title: 'Campaigns and releases',
      description:
        'What people and rules did with campaigns, newest first: who approved, which rule paused and why. Empty without Loki, or when no campaign moved in this time.',
      size: [12, 9],
      queries: [
        lines(
          eventLines(
            'release_created',
            'campaign_created',
            'campaign_approved',
            'campaign_started',
            'wave_started',
            'campaign_paused',
            'campaign_resumed',
            'campaign_aborted',
            'campaign_finished',
          ),
        ),
      ],
      empty: 'no campaign moved in this time',
      runbook: 'FleetUpdateFailures',
    }),
    table({
      title: 'Updates that failed',
      description:
        'Attempts that failed, newest first, of the chosen models: which vehicle, from which state, and why. Empty without Loki, or when no update failed in this time.',
      size: [12, 9],
      queries: [lines(`${events('update_transition')} | level="warn" | model=~"$model"`)],
      transformations: logFields('Failed at', {
        vehicle: 'Vehicle',
        model: 'Model',
        firmware: 'Ran',
        from: 'Was',
        to: 'Became',
        reason: 'Reason',
        attempt: 'Attempt',
        campaign: 'Campaign',
      }),
      empty: 'no update failed in this time',
      runbook: 'FleetUpdateFailures',
    }),
    table({
      title: 'Messages set aside',
      description:
        'Messages of vehicles that could not be used, newest first; at most five lines a second and reason, the rest is counted in "held back". Empty without Loki, or when there were none.',
      size: [8, 9],
      queries: [lines(events('dead_letter'))],
      transformations: logFields('Set aside at', {
        vehicle: 'Vehicle',
        reason: 'Reason',
        detail: 'Detail',
        held_back: 'Held back',
      }),
      empty: 'nothing was set aside in this time',
      runbook: 'FleetDeadLetters',
    }),
    table({
      title: 'Devices turned away',
      description:
        'What the broker in the server refused, newest first; at most five lines a second and reason, the rest is counted in "held back". Empty without Loki, or when there were none.',
      size: [8, 9],
      queries: [lines(events('device_refused'))],
      transformations: logFields('Turned away at', {
        device: 'Device',
        reason: 'Reason',
        held_back: 'Held back',
      }),
      empty: 'nobody was turned away in this time',
      runbook: 'FleetBrokerAway',
    }),
    logLines({
      title: 'Broker, disk and clocks',
      description:
        'The broker away and back, the disk that does not take messages and takes them again, vehicles with a wrong clock. Empty without Loki, or when all went well in this time.',
      size: [8, 9],
      queries: [
        lines(
          eventLines(
            'broker_connected',
            'broker_disconnected',
            'ingest_blocked',
            'ingest_recovered',
            'clock_corrected',
            'samples_dropped',
          ),
        ),
      ],
      empty: 'all went well in this time',
      runbook: 'FleetIngestBlocked',
    }),
  ],
}
