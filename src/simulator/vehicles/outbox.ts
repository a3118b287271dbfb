/**
 * Numbers what a vehicle says, keeps it until the broker has acknowledged it, and sends it again, with the same bytes,
 * after a connection was lost. So (vehicle, boot, seq) names one thing for ever, and nothing is left out but samples
 * that a full queue had to drop.
 */
import type { Dtc, Sample, TelemetryMessage, UpdateStatusMessage } from '../../vehicle/messages.ts'
import type { SignalValues } from '../../vehicle/signals.ts'
import { topicOf, type Uplink } from '../../vehicle/topics.ts'
import { createEdgeQueue, type Notice } from './edge-queue.ts'
import type { SendingFaults } from './faults.ts'
import type { DeviceLink, Publication } from './link.ts'
import type { Counts } from './stats.ts'

type Without<T> = Omit<T, 'vehicle' | 'boot' | 'sent' | 'seq' | 'at'>
export type UpdateStatus = Without<UpdateStatusMessage>
export interface CommandResult {
  id: string
  outcome: 'done' | 'refused'
  reason?: string
}

export interface Outbox {
  sample(at: number, signals: SignalValues): void
  dtcs(at: number, dtcs: Dtc[]): void
  updateStatus(at: number, status: UpdateStatus): void
  commandResult(at: number, result: CommandResult): void
  /** There is a connection: first what was under way when the last one was lost, then what waits. */
  opened(link: DeviceLink): void
  closed(): void
  /** The vehicle's computer starts anew: numbers begin at 1 again. */
  reboot(boot: string): void
  boot(): string
  /** What waits or is under way. */
  size(): number
  /** How long the oldest message under way has waited for its acknowledgement, ms. */
  waitingMs(): number
}

interface UnderWay extends Publication {
  sentAt: number
}

export const QUEUE_MAX = 2000
/** Samples in one message. */
export const BATCH_MAX = 100
/** Messages sent and not yet acknowledged. */
export const UNDER_WAY_MAX = 10

export interface OutboxOptions {
  vehicle: string
  boot: string
  /** The vehicle's own clock, Unix ms. */
  now: () => number
  counts: Counts
  faults: SendingFaults
  queueMax?: number
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { vehicle, now, counts, faults } = options
  const queue = createEdgeQueue(options.queueMax ?? QUEUE_MAX)
  const underWay: UnderWay[] = []
  let boot = options.boot
  let seq = 0
  let dropped = 0
  let link: DeviceLink | null = null
  /** What happened before had no connection. */
  let openedAt = 0

  function add(entry: Parameters<typeof queue.add>[0]) {
    const lost = queue.add(entry)
    if (lost) {
      counts.dropped++
      if (lost.kind === 'sample' && lost.boot === boot) dropped++
    }
    drain()
  }
  const notice = (uplink: Notice['uplink'], at: number, body: object) =>
    add({ kind: 'notice', boot, uplink, body: { seq: ++seq, at, ...body } })

  function publish(message: UnderWay) {
    const { topic, payload } = message
    faults.before(payload, text => link?.publish({ topic, payload: text, retain: false }, () => {}))
    link?.publish(message, () => {
      const index = underWay.indexOf(message)
      if (index === -1) return
      underWay.splice(index, 1)
      counts.acknowledged++
      drain()
    })
  }

  function send(uplink: Uplink, message: object) {
    const entry = {
      topic: topicOf(vehicle, uplink),
      payload: JSON.stringify(message),
      retain: false,
      sentAt: now(),
    }
    underWay.push(entry)
    counts.sent++
    publish(entry)
  }

  function drain() {
    while (link && underWay.length < UNDER_WAY_MAX) {
      const first = queue.first()
      if (!first) return
      if (first.kind === 'notice') {
        queue.takeNotice()
        send(first.uplink, { vehicle, boot: first.boot, sent: now(), ...first.body })
        continue
      }
      const kept = first.sample.at < openedAt
      const samples = queue.takeSamples(
        BATCH_MAX,
        entry => entry.boot === first.boot && entry.sample.at < openedAt === kept,
      )
      send('telemetry', telemetry(first.boot, samples, kept))
    }
  }

  const telemetry = (of: string, samples: Sample[], kept: boolean): TelemetryMessage => ({
    vehicle,
    boot: of,
    sent: now(),
    ...(kept ? { historical: true } : {}),
    ...(of === boot && dropped > 0 ? { dropped } : {}),
    samples,
  })

  return {
    sample: (at, signals) => add({ kind: 'sample', boot, sample: { seq: ++seq, at, signals } }),
    dtcs: (at, dtcs) => notice('dtc', at, { dtcs }),
    updateStatus: (at, status) => notice('update/status', at, status),
    commandResult: (at, result) => notice('command/result', at, result),
    opened(opened) {
      link = opened
      openedAt = now()
      for (const message of [...underWay]) {
        counts.resent++
        message.sentAt = openedAt
        publish(message)
      }
      drain()
    },
    closed() {
      link = null
    },
    reboot(next) {
      boot = next
      seq = 0
      dropped = 0
    },
    boot: () => boot,
    size: () => queue.size() + underWay.length,
    waitingMs: () => (underWay[0] ? now() - underWay[0].sentAt : 0),
  }
}
