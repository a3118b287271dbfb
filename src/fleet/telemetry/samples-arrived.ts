import { receive } from '../../ingest/received.ts'
import type { Sample, TelemetryMessage } from '../../vehicle/messages.ts'
import { type SignalName, signals } from '../../vehicle/signals.ts'
import type { Fate } from './commands.ts'
import type { Context } from './context.ts'
import { AHEAD_MAX_MS, LATE_MS } from './event-time.ts'
import type { SetAside } from './read-message.ts'
import type { Fields } from './store.ts'

/** Keeps the samples that are new, each at the time when it was taken. */
export function samplesArrived(message: TelemetryMessage, context: Context): Fate | SetAside {
  const { boot, vehicle, store, set, deciding, name, keepMs, clockErrorMs } = context
  const { receivedAt } = context.arrival
  const historical = message.historical === true
  const ahead = message.samples.findIndex(({ at }) => at > message.sent + AHEAD_MAX_MS)
  if (ahead >= 0) return { dead: 'invalid', detail: `samples.${ahead}.at: is after the message was sent` }
  const oldest = deciding.now - keepMs
  if (message.samples.every(({ at }) => at + clockErrorMs < oldest))
    return { dead: 'too_old', detail: 'every sample is older than samples are kept' }

  let added = 0
  let late = 0
  let liveAt: number | null = null
  for (const sample of message.samples) {
    if (!receive(boot.received, sample.seq)) continue
    const at = sample.at + clockErrorMs
    if (at < oldest) continue
    const fields = fieldsOf(sample)
    store.addSample({
      vehicleId: vehicle.id,
      at,
      bootId: boot.id,
      seq: sample.seq,
      receivedAt,
      historical,
      fields,
    })
    set.count(at, fields.battery_percent)
    added++
    if (!historical) {
      liveAt = Math.max(liveAt ?? 0, at)
      if (receivedAt - at > LATE_MS) late++
    }
    if (at >= (vehicle.sampledAt ?? 0)) {
      vehicle.sampledAt = at
      Object.assign(vehicle.fields, fields)
    }
  }
  const { dropped = 0 } = message
  if (dropped > boot.dropped) {
    deciding.tell({ kind: 'samples_dropped', vehicle: name, dropped: dropped - boot.dropped })
    boot.dropped = dropped
  }
  if (late > 0) deciding.tell({ kind: 'samples_late', vehicle: name, samples: late })
  const duplicates = message.samples.length - added
  if (added === 0) return { kind: 'duplicate', uplink: 'telemetry' }
  return { kind: 'stored', uplink: 'telemetry', samples: added, duplicates, historical, liveAt }
}

function fieldsOf(sample: Sample): Fields {
  const fields: Fields = {}
  for (const name in sample.signals) {
    const value = sample.signals[name as SignalName]
    if (value !== undefined) fields[signals[name as SignalName].field] = Number(value)
  }
  return fields
}
