/// <reference lib="esnext.disposable" preserve="true" />
/** A seat that is held: its lease, renewed until the seat is returned or lost. */
import { LeaseLost, type LossReason, RequestFailed } from './errors.ts'
import { keepRenewed } from './lease.ts'
import type { Answer, Connection } from './request.ts'
import type { BorrowReply, RenewReply, ReturnReply } from './types.ts'

/** A seat. Return it: by `return()`, by `await using`, or by `client.withSeat`. */
export interface Seat extends AsyncDisposable {
  /** Whoever knows it can return the seat. */
  readonly id: string
  readonly tool: string
  readonly user: string
  readonly borrowedAt: Date
  /** When the seat comes back by itself unless it is renewed; null: never. */
  readonly expiresAt: Date | null
  /** Whether it is above the commit. */
  readonly isOverage: boolean
  /** What it cost, in currency units; 0 within the commit. */
  readonly overageCharge: number
  /** Aborts, with a `LeaseLost` as its reason, when the seat is lost; a return aborts nothing. */
  readonly signal: AbortSignal
  /** Starts the lease anew now. @returns its new end @throws LeaseLost, Unreachable, RequestFailed */
  renew(): Promise<Date | null>
  /**
   * Gives the seat back; again and again is no harm.
   * @returns `already_returned` when it was lost before
   * @throws Unreachable, RequestFailed: the seat may still be held until its lease is over; it can be called again
   */
  return(): Promise<'ok' | 'already_returned'>
}

/** @param renews whether the seat renews its lease by itself */
export function holdSeat(
  connection: Connection,
  { data, firstSentAt }: Answer<BorrowReply>,
  renews: boolean,
): Seat {
  const { id, tool, user } = data
  const borrowedAt = new Date(data.borrowed_at)
  // The server's clock may differ from this one. It decided after the request was sent, so by this difference the lease
  // seems to end rather too early than too late.
  const serverAheadMs = borrowedAt.getTime() - firstSentAt
  const localEnd = (at: string | null) => (at === null ? null : Date.parse(at) - serverAheadMs)
  const loss = new AbortController()
  const over = new AbortController()
  let expiresAt = data.expires_at
  let returning: Promise<'ok' | 'already_returned'> | undefined

  function lose(error: LeaseLost): LeaseLost {
    if (!over.signal.aborted) {
      over.abort()
      loss.abort(error)
    }
    return error
  }

  async function renew(totalMs?: number): Promise<number | null> {
    try {
      const { data: renewed } = await renewBorrow(connection, { id, tool }, totalMs)
      expiresAt = renewed.expires_at
      return localEnd(expiresAt)
    } catch (error) {
      throw error instanceof LeaseLost ? lose(error) : error
    }
  }

  async function giveBack(): Promise<'ok' | 'already_returned'> {
    if (loss.signal.reason?.reason === 'unknown_borrow') return 'already_returned'
    over.abort()
    return (await returnBorrow(connection, id)).data.status
  }

  const seat = {
    id,
    tool,
    user,
    borrowedAt,
    get expiresAt() {
      return expiresAt === null ? null : new Date(expiresAt)
    },
    isOverage: data.is_overage,
    overageCharge: data.overage_charge,
    signal: loss.signal,
    async renew() {
      loss.signal.throwIfAborted()
      await renew()
      return this.expiresAt
    },
    return() {
      returning ??= giveBack().catch(error => {
        returning = undefined
        throw error
      })
      return returning
    },
  }

  if (renews)
    void keepRenewed({
      endsAt: localEnd(expiresAt),
      startedAt: firstSentAt,
      renew,
      expired: cause => void lose(new LeaseLost('expired', { id, tool }, cause)),
      over: over.signal,
      surroundings: connection.surroundings,
    })
  // Browsers that do not know the symbol would get a member called "undefined".
  if (Symbol.asyncDispose)
    Object.defineProperty(seat, Symbol.asyncDispose, { value: () => seat.return().then(() => {}) })
  return seat as typeof seat & AsyncDisposable
}

/** Starts the lease of a borrow anew. @throws LeaseLost, Unreachable, RequestFailed */
export async function renewBorrow(
  connection: Connection,
  { id, tool = '' }: { id: string; tool?: string },
  totalMs?: number,
): Promise<Answer<RenewReply>> {
  try {
    return await connection.request<RenewReply>('/licenses/renew', {
      method: 'POST',
      body: { id },
      ...(totalMs !== undefined && { totalMs }),
    })
  } catch (error) {
    const reason = error instanceof RequestFailed && lossOf(error)
    throw reason ? new LeaseLost(reason, { id, tool: tool || String(error.problem.tool ?? '') }) : error
  }
}

/** Gives a seat back. @throws Unreachable, RequestFailed */
export const returnBorrow = (connection: Connection, id: string): Promise<Answer<ReturnReply>> =>
  connection.request<ReturnReply>('/licenses/return', { method: 'POST', body: { id } })

function lossOf({ code, problem }: RequestFailed): LossReason | null {
  if (code === 'unknown_borrow') return code
  if (code !== 'borrow_ended') return null
  const reason = problem.end_reason
  return reason === 'returned' || reason === 'revoked' ? reason : 'expired'
}
