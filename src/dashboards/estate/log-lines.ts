/** What the log says about the estate. */
import type { Row } from '../board.ts'
import { eventLines, events } from '../expressions.ts'
import { logLines, table } from '../panels.ts'
import { lines } from '../targets.ts'
import { logFields } from '../transformations.ts'

export const estateLogRow: Row = {
  title: 'What happened to the estate',
  panels: [
    logLines({
      title: 'Stages, lake and replays',
      description:
        'Stages that stop, fail and go on, the lake that does not take samples, history and replays, newest first. Empty without Loki, or when all went well in this time.',
      size: [12, 9],
      queries: [
        lines(
          eventLines(
            'estate_stage_failing',
            'estate_stage_recovered',
            'estate_stage_stopped',
            'estate_lake_failed',
            'estate_lake_recovered',
            'history_started',
            'history_finished',
            'replay_started',
            'replay_finished',
          ),
        ),
      ],
      empty: 'nothing happened in this time',
      runbook: 'EstateStageStopped',
    }),
    logLines({
      title: 'Faults and anomalies',
      description:
        'What the simulation broke on purpose, and what the detectors found and saw end, newest first. Empty without Loki, or when nothing was broken in this time.',
      size: [12, 9],
      queries: [
        lines(eventLines('estate_fault_injected', 'estate_fault_ended', 'anomaly_opened', 'anomaly_ended')),
      ],
      empty: 'nothing was broken in this time',
      runbook: 'EstateServersCritical',
    }),
    table({
      title: 'Samples set aside',
      description:
        'Samples that could not be used, newest first; one line a second, stage and reason, with how many there were since the line before. Empty without Loki, or when there were none.',
      size: [12, 8],
      queries: [lines(events('estate_dead_letter'))],
      transformations: logFields('Set aside at', { stage: 'Stage', reason: 'Reason', samples: 'Samples' }),
      empty: 'nothing was set aside in this time',
      runbook: 'EstateDeadLetters',
    }),
    table({
      title: 'Turned away',
      description:
        'Devices that the broker in the server refused, and WebSockets that were closed because they were too slow. Empty without Loki, or when there were none.',
      size: [12, 8],
      queries: [lines(events('estate_device_refused', 'estate_host_unmeasured', 'estate_websocket_closed'))],
      transformations: logFields('Turned away at', {
        event: 'Event',
        reason: 'Reason',
        device: 'Device',
        held_back: 'Held back',
      }),
      empty: 'nobody was turned away in this time',
      runbook: 'EstateNoSamples',
    }),
  ],
}
