/** One message: read, judged against what came before it, written. */

import type { Arrival } from '../../ingest/intake.ts'
import { highest, missing, receive } from '../../ingest/received.ts'
import { newId } from '../../shared/id.ts'
import { readTopic } from '../../vehicle/topics.ts'
import type { Deciding } from '../commands.ts'
import type { Fate } from './commands.ts'
import type { Context, Parts } from './context.ts'
import { clockError } from './event-time.ts'
import { readMessage, type Said, type SetAside } from './read-message.ts'
import { samplesArrived } from './samples-arrived.ts'
import { stateArrived } from './state-arrived.ts'
import { troubleCodesArrived } from './trouble-codes.ts'

const SNAPSHOT_EVERY_MS = 60_000

export function arrive(arrival: Arrival, deciding: Deciding, parts: Parts): Fate {
  const read = readMessage(arrival.topic, arrival.payload)
  const fate = 'dead' in read ? read : take(read, arrival, deciding, parts)
  return 'dead' in fate ? setAside(arrival, fate, deciding, parts) : fate
}

/** Keeps a message that cannot be used, with the reason. */
export function setAside(
  { topic, payload, receivedAt }: Arrival,
  { dead: reason, detail }: SetAside,
  deciding: Deciding,
  { store }: Pick<Parts, 'store'>,
): Fate {
  store.addDeadLetter({ receivedAt, topic, reason, detail, payload })
  deciding.tell({ kind: 'dead_letter', vehicle: readTopic(topic)?.vehicle ?? null, reason, detail })
  return { kind: 'dead', reason }
}

function take(said: Said, arrival: Arrival, deciding: Deciding, parts: Parts): Fate | SetAside {
  if (said.uplink === 'state') return stateArrived(said.message, deciding, parts)
  const { vehicle: name } = said.message
  const vehicle = parts.set.vehicle(name)
  if (!vehicle) {
    deciding.toVehicle(name, { topic: 'command', message: { id: newId(), kind: 'snapshot' } })
    return { dead: 'unknown_vehicle', detail: 'it has not said what it is; it is asked to' }
  }
  const boot = parts.set.boot(vehicle, said.message.boot, deciding.now)
  const context: Context = {
    ...parts,
    arrival,
    deciding,
    name,
    vehicle,
    boot,
    clockErrorMs: clockError(said.message.sent, arrival.receivedAt),
  }
  const expected = highest(boot.received) + 1
  const missed = missing(boot.received)
  const fate = said.uplink === 'telemetry' ? samplesArrived(said.message, context) : one(said, context)
  if ('dead' in fate) return fate
  vehicle.touched = true
  if (context.clockErrorMs !== 0)
    deciding.tell({ kind: 'clock_corrected', vehicle: name, errorMs: context.clockErrorMs })
  const gap = missing(boot.received) - missed
  if (gap > 0 && highest(boot.received) > expected) askForSnapshot(gap, context)
  return fate
}

/** A message with one number. */
function one(said: Exclude<Said, { uplink: 'state' | 'telemetry' }>, context: Context): Fate {
  const { uplink, message } = said
  const { boot, deciding, vehicle, name, store, set, uplinks, clockErrorMs } = context
  if (!receive(boot.received, message.seq)) return { kind: 'duplicate', uplink }
  if (uplink === 'dtc') troubleCodesArrived(message, context)
  else if (uplink === 'command/result') {
    const { id, outcome, reason = null } = message
    deciding.tell({ kind: 'command_result', vehicle: name, id, outcome, reason })
  } else {
    // The campaigns read the tables.
    const { id } = vehicle
    set.flush(deciding.now)
    const at = message.at + clockErrorMs
    uplinks.updateStatus(store.row(id), { ...message, at }, deciding)
  }
  return { kind: 'stored', uplink, samples: 0, duplicates: 0, historical: false, liveAt: null }
}

/** Something that the vehicle sent has not come: what it is now is worth more than what was missed. */
function askForSnapshot(gap: number, { boot, deciding, name }: Context) {
  deciding.tell({ kind: 'sequence_gap', vehicle: name, missing: gap })
  if (deciding.now - boot.snapshotAskedAt < SNAPSHOT_EVERY_MS) return
  boot.snapshotAskedAt = deciding.now
  deciding.toVehicle(name, { topic: 'command', message: { id: newId(), kind: 'snapshot' } })
}
