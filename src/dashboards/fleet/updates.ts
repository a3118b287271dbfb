/** Campaigns, and the updates of their vehicles. */
import { demoPatience, fleetLimits, realPatience } from '../../rules/fleet-limits.ts'
import { updatesFailedShare } from '../../rules/fleet-recorded.ts'
import { series } from '../../telemetry.ts'
import type { Row } from '../board.ts'
import { colour, steps } from '../colours.ts'
import { known, perMinute, some, sum } from '../expressions.ts'
import { figure, graph } from '../panels.ts'
import { now, over } from '../targets.ts'

const A_MINUTE = 'suffix:/min'
const campaigns = (state: string) => sum(series('ota_campaigns', { state }))
const [real, demo] = [realPatience.updatesWindow, demoPatience.updatesWindow]
const runbook = 'FleetUpdateFailures'

const figures = [
  figure({
    title: 'Campaigns running',
    description: 'Campaigns that offer a release to vehicles now. 0 or empty when there is none.',
    size: [4, 4],
    queries: [now(campaigns('running'))],
    empty: 'none',
    levels: steps(colour.neutral, [1, colour.good]),
    runbook,
  }),
  figure({
    title: 'Campaigns paused',
    description:
      'Campaigns that wait for a person: paused by a rule, or by hand. 0 or empty when there is none.',
    size: [4, 4],
    queries: [now(campaigns('paused'))],
    empty: 'none',
    levels: steps(colour.good, [1, colour.overage]),
    runbook,
  }),
  figure({
    title: 'Attempts that failed',
    description: `Of the attempts that succeeded or failed in the last ${real}, the share that failed; above 5 % somebody is told. Empty when none ended.`,
    size: [4, 4],
    queries: [now(updatesFailedShare(real))],
    unit: 'percentunit',
    decimals: 1,
    empty: 'none ended',
    levels: steps(
      colour.good,
      [fleetLimits.updatesFailed / 2, colour.overage],
      [fleetLimits.updatesFailed, colour.bad],
    ),
    runbook,
  }),
  figure({
    title: 'Time to detect',
    description:
      'At the newest automatic pause: from the first failure to the pause. Empty, or 0, before a campaign paused by itself.',
    size: [4, 4],
    queries: [now(known(series('ota_time_to_detect_seconds')))],
    unit: 's',
    decimals: 0,
    empty: 'no pause',
    runbook,
  }),
  figure({
    title: 'Blast radius',
    description:
      'At the newest pause: vehicles that ran, installed or failed with the release. The waves are there to keep it small. Empty, or 0, before a pause.',
    size: [4, 4],
    queries: [now(known(series('ota_blast_radius_vehicles')))],
    unit: 'suffix: vehicles',
    empty: 'no pause',
    levels: steps(colour.neutral, [1, colour.overage]),
    runbook,
  }),
  figure({
    title: 'Updates that wait',
    description:
      'Scheduled updates of running campaigns that cannot begin yet. Blocked is not failed. 0 or empty when none waits.',
    size: [4, 4],
    queries: [now(some(sum(series('ota_updates_blocked')), sum(series('ota_updates'))))],
    empty: 'none',
    levels: steps(colour.commit),
    runbook,
  }),
]

export const updatesRow: Row = {
  title: 'Updates over the air',
  panels: [
    ...figures,
    graph({
      title: 'Updates by state',
      description:
        'The updates of running and paused campaigns by where they stand: this is how a campaign completes. Empty when no campaign runs.',
      size: [16, 9],
      queries: [over(sum(series('ota_updates'), 'state'), '{{state}}')],
      isStacked: true,
      colours: {
        SCHEDULED: colour.neutral,
        SUCCEEDED: colour.good,
        FAILED: colour.bad,
        ROLLED_BACK: colour.overage,
        INSTALLING: colour.commit,
        TIMED_OUT: colour.special,
      },
      runbook,
    }),
    graph({
      title: 'Campaigns by state',
      description:
        'All campaigns by where they stand: drafts, running, paused, and what is over. Empty before the first campaign.',
      size: [8, 9],
      queries: [over(sum(series('ota_campaigns'), 'state'), '{{state}}')],
      isStacked: true,
      colours: {
        draft: colour.neutral,
        approved: colour.commit,
        running: colour.good,
        paused: colour.overage,
        aborted: colour.bad,
      },
      runbook,
    }),
    graph({
      title: 'Attempts ended per minute, by outcome',
      description:
        'Attempts to update a vehicle: succeeded, failed, or neutral (refused, withdrawn, not needed). A flat 0 when no campaign runs.',
      size: [8, 8],
      queries: [over(perMinute(series('ota_updates_settled_total'), 'outcome'), '{{outcome}}')],
      unit: A_MINUTE,
      isStacked: true,
      colours: { succeeded: colour.good, failed: colour.bad, neutral: colour.neutral },
      runbook,
    }),
    graph({
      title: 'Share of attempts that failed',
      description: `Of the attempts that succeeded or failed, as the alarm sees it: over ${real}, and over ${demo} in demo time. Above the dashed 5 % somebody is told. Empty when none ended.`,
      size: [8, 8],
      queries: [
        over(updatesFailedShare(real), `over ${real}`),
        over(updatesFailedShare(demo), `over ${demo} (demo time)`),
      ],
      unit: 'percentunit',
      limits: steps(colour.neutral, [fleetLimits.updatesFailed, colour.bad]),
      runbook,
    }),
    graph({
      title: 'Waiting updates, by reason',
      description:
        'Why scheduled updates of running campaigns have to wait: offline, battery, driving, no consent, outside the window. Empty, or a flat 0, when none waits.',
      size: [8, 8],
      queries: [over(sum(series('ota_updates_blocked'), 'reason'), '{{reason}}')],
      isStacked: true,
      runbook,
    }),
    graph({
      title: 'Failures per minute, by reason',
      description:
        'Why attempts failed, by reason. One reason alone points at the release; many point at the vehicles. A flat 0, or no line, means that none failed.',
      size: [8, 8],
      queries: [over(perMinute(series('ota_failures_total'), 'reason'), '{{reason}}')],
      unit: A_MINUTE,
      isStacked: true,
      runbook,
    }),
    graph({
      title: 'Transitions per minute, by new state',
      description:
        'How often updates went into each state: the traffic of a campaign. Empty until two scrapes have seen a transition.',
      size: [8, 8],
      queries: [over(perMinute(series('ota_transitions_total'), 'to'), '{{to}}')],
      unit: A_MINUTE,
      isStacked: true,
      runbook,
    }),
    graph({
      title: 'Pauses so far, by rule',
      description:
        'How often campaigns were paused since the server started: by a threshold, by a bad signature, or by hand. It only rises; a flat 0 means never.',
      size: [4, 8],
      queries: [over(sum(series('ota_pauses_total'), 'rule'), '{{rule}}')],
      runbook,
    }),
    graph({
      title: 'Statuses ignored per minute',
      description:
        'What vehicles said of an update that changed nothing: late, repeated or out of order. It is harmless. A flat 0, or no line, means that there were none.',
      size: [4, 8],
      queries: [over(perMinute(series('ota_statuses_ignored_total'), 'reason'), '{{reason}}')],
      unit: A_MINUTE,
      runbook,
    }),
  ],
}
