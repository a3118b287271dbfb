import type { DtcMessage } from '../../vehicle/messages.ts'
import type { Context } from './context.ts'

/** A vehicle's list of trouble codes replaces the one before; an older list that comes late changes nothing. */
export function troubleCodesArrived(message: DtcMessage, context: Context): void {
  const { store, vehicle, deciding, name, clockErrorMs } = context
  const at = message.at + clockErrorMs
  if (at < (vehicle.dtcsAt ?? 0)) return
  vehicle.dtcsAt = at
  store.setDtcsAt(vehicle.id, at)
  const before = new Map(store.dtcs(vehicle.id).map(({ code, status }) => [code, status]))
  for (const dtc of message.dtcs) {
    const { code, status } = dtc
    if (before.get(code) !== status) {
      store.setDtc(vehicle.id, dtc, at)
      deciding.tell({ kind: 'dtc_changed', vehicle: name, code, status })
    }
    before.delete(code)
  }
  for (const code of before.keys()) {
    store.clearDtc(vehicle.id, code)
    deciding.tell({ kind: 'dtc_changed', vehicle: name, code, status: 'cleared' })
  }
}
