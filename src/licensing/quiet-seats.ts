import type { Ledger } from './ledger.ts'

/** Seats that are taken and given back without a log line or a count. */
export interface QuietSeats {
  /** The same key takes the same seat once, for a day. @returns the borrow; null: no seat was free */
  take(tool: string, user: string, key: string): Promise<string | null>
  /** What has ended is left as it is. */
  giveBack(borrow: string): Promise<void>
}

export const quietSeats = (ledger: Pick<Ledger, 'submit'>): QuietSeats => ({
  async take(tool, user, key) {
    const requestKey = { key: `quiet ${key}`, request: tool }
    const outcome = await ledger.submit({ kind: 'borrow', tool, user, session: null, requestKey })
    return outcome.kind === 'granted' ? outcome.borrow.id : null
  },
  giveBack: async borrow => void (await ledger.submit({ kind: 'return', id: borrow })),
})
