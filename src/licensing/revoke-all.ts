/** Gives back every seat that is held, as the presenter does one by one. */
import type { LicensingEvents } from './events.ts'
import type { Ledger } from './ledger.ts'

const AT_ONCE = 500
/** Seats that are borrowed again meanwhile are not chased for ever. */
const ROUNDS_MAX = 200

/** @returns how many seats it gave back @throws Failure as the ledger does */
export async function revokeAll(ledger: Ledger, events: Pick<LicensingEvents, 'revoked'>, requestId: string) {
  const cause = { requestId, traceId: undefined }
  let ended = 0
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { rows } = await ledger.openBorrows({ limit: AT_ONCE, offset: 0 })
    if (rows.length === 0) break
    const outcomes = await Promise.all(rows.map(({ id }) => ledger.submit({ kind: 'revoke', id })))
    for (const outcome of outcomes) {
      if (outcome.kind !== 'revoked') continue
      events.revoked(outcome.borrow, cause)
      ended++
    }
  }
  return ended
}
