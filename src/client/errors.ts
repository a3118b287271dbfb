import type { DenialReason } from './types.ts'

/** What every error of this client is, so that one `catch` can tell them from other people's. */
export class TwinloopError extends Error {
  override name = 'TwinloopError'
}

/** The server decided: no seat. Asking again makes sense when one comes back (`waitMs`), except for `unknown_tool`. */
export class Denied extends TwinloopError {
  override name = 'Denied'
  readonly reason: DenialReason
  readonly tool: string
  /** Leads to the line in the server's log. */
  readonly requestId: string | null

  constructor(reason: DenialReason, tool: string, detail: string, requestId: string | null) {
    super(detail)
    this.reason = reason
    this.tool = tool
    this.requestId = requestId
  }
}

/** Why a seat is no longer held. `unknown_borrow`: the server has never heard of it. */
export type LossReason = 'expired' | 'returned' | 'revoked' | 'unknown_borrow'

/** The seat is gone, and it was not this handle that returned it. */
export class LeaseLost extends TwinloopError {
  override name = 'LeaseLost'
  readonly reason: LossReason
  readonly borrowId: string
  readonly tool: string

  /** @param cause what kept the lease from being renewed, if something did */
  constructor(reason: LossReason, { id, tool }: { id: string; tool: string }, cause?: unknown) {
    super(
      `The seat of ${tool} is lost (${reason}).`,
      cause === undefined || cause === null ? undefined : { cause },
    )
    this.reason = reason
    this.borrowId = id
    this.tool = tool
  }
}

/** No answer came, however often it was asked; `cause` is the last failure. */
export class Unreachable extends TwinloopError {
  override name = 'Unreachable'
  readonly attempts: number
  /**
   * Of a borrow: its idempotency key. The server may have granted a seat and the answer got lost; borrowing again with
   * this `key` gets the same seat.
   */
  readonly key: string | null

  constructor(url: string, attempts: number, key: string | null, cause: unknown) {
    super(`No answer from ${url} (asked ${attempts} ${attempts === 1 ? 'time' : 'times'}).`, { cause })
    this.attempts = attempts
    this.key = key
  }
}

/** The server answered, and the answer is no success: its `code` is stable, for machines. */
export class RequestFailed extends TwinloopError {
  override name = 'RequestFailed'
  readonly status: number
  /** The `reason` of the problem; `http_502` and the like where the answer is not of this server. */
  readonly code: string
  /** Leads to the line in the server's log. */
  readonly requestId: string | null
  /** Of a borrow: its idempotency key, see `Unreachable.key`. */
  readonly key: string | null
  /** The members of the problem (RFC 9457), as they were sent. */
  readonly problem: Readonly<Record<string, unknown>>

  constructor(
    status: number,
    problem: Readonly<Record<string, unknown>>,
    requestId: string | null,
    key: string | null = null,
  ) {
    const textOf = (name: string) => (typeof problem[name] === 'string' ? problem[name] : undefined)
    super(textOf('detail') ?? textOf('title') ?? `The server answered ${status}.`)
    this.status = status
    this.code = textOf('reason') ?? `http_${status}`
    this.requestId = textOf('request_id') ?? requestId
    this.key = key
    this.problem = problem
  }
}
