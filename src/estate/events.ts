/** One function for each thing that happens to the estate: its log line and its metrics together. */
import type { FaultNotice } from '../machine/notices.ts'
import { type BrokerRefusal, brokerRefusals } from '../mqtt/embedded-broker.ts'
import { createLimitedLog } from '../observability/limited-log.ts'
import { rfc3339 } from '../shared/clock.ts'
import { createAnomalyEvents } from './anomaly-events.ts'
import { createPipelineEvents, type EstateEventsParts } from './pipeline-events.ts'
import type { StageChange } from './stage-reports.ts'
import { createWebSocketEvents } from './websocket-events.ts'

export type EstateEvents = ReturnType<typeof createEstateEvents>

/** Lines a second of what others can cause as often as they like. */
const LINES_PER_SECOND = 5

export function createEstateEvents(parts: EstateEventsParts) {
  const { log, metrics: m, clock } = parts
  const limited = createLimitedLog(log, clock, LINES_PER_SECOND)
  for (const reason of brokerRefusals) m.estate_broker_refusals_total.inc({ reason }, 0)

  return {
    ...createPipelineEvents(parts),
    analytics: createAnomalyEvents(limited, m),
    websocket: createWebSocketEvents(limited, m),
    stageChanged({ stage, from, to, problem }: StageChange) {
      if (to === 'failing') log.warn('estate_stage_failing', 'a stage cannot go on', { stage, problem })
      else if (to === 'stopped') log.warn('estate_stage_stopped', 'a stage says nothing more', { stage })
      // The first word of a stage is no recovery.
      else if (to === 'healthy' && from !== 'unknown')
        log.info('estate_stage_recovered', 'a stage goes on', { stage, was: from })
    },
    /** What the generator breaks on purpose, and when it is over. */
    fault({ id, kind, resource_kind, resource, version, started_at, ended_at }: FaultNotice) {
      const since = rfc3339(started_at)
      const fields = { fault: id, kind, resource_kind, resource, release: version, since }
      if (ended_at === null)
        limited('info', 'fault', ['estate_fault_injected', 'something was broken on purpose', fields])
      else
        limited('info', 'fault over', ['estate_fault_ended', 'what was broken on purpose is mended', fields])
    },
    /** The past of the simulated estate, from the first to the last time that is made, Unix ms. */
    historyStarted: (from: number, until: number, hours: number) =>
      log.info('history_started', 'the past of the simulated estate is being made', {
        from: rfc3339(from),
        until: rfc3339(until),
        hours,
      }),
    historyFinished: (samples: number, seconds: number) =>
      log.info('history_finished', 'the past of the simulated estate is there', { samples, seconds }),
    /** @param from the first day that is taken again, Unix ms */
    replayStarted: (from: number) =>
      log.info('replay_started', 'the lake is taken again', { from: rfc3339(from) }),
    replayFinished: (objects: number, samples: number, seconds: number) =>
      log.info('replay_finished', 'the lake was taken again', { objects, samples, seconds }),
    refused(reason: BrokerRefusal, device: string | null) {
      m.estate_broker_refusals_total.inc({ reason })
      limited('warn', `refused ${reason}`, [
        'estate_device_refused',
        'the broker turned a device of the estate away',
        { reason, device: device?.slice(0, 64) ?? null },
      ])
    },
    /** The machine that this runs on could not be measured, or its samples did not arrive. */
    hostUnmeasured: (error: Error) =>
      log.warn('estate_host_unmeasured', 'this machine is not measured', { error: error.message }),
    /** @param seconds with the wait for the thread that reads */
    read: (seconds: number) => m.estate_query_seconds.observe({}, seconds),
  }
}
