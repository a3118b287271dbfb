/**
 * The ledger port: commands go in, outcomes come out. What is awaited here is durable when it
 * resolves. The rules live beside it in plain functions, so another store can keep the same ledger.
 */
import type { DenialReason, EndReason } from './api.ts'
import type { Pool, PoolSettings, Refusal } from './pool.ts'
import type { UsageBucket } from './usage.ts'

/** One seat held by one user, or held once. Times in Unix ms. */
export interface Borrow {
  /** Its place among all borrows, in the order of time. */
  row: number
  id: string
  tool: string
  user: string
  /** A one-way name of the browser session that borrowed; null: none. */
  session: string | null
  borrowedAt: number
  expiresAt: number | null
  isOverage: boolean
  endedAt: number | null
  endReason: EndReason | null
}

export interface Charge {
  id: string
  tool: string
  borrowRow: number
  user: string
  chargedAt: number
  amountCents: number
}

export interface Denial {
  tool: string
  user: string
  reason: DenialReason
  deniedAt: number
}

/** A client's promise that a repeated request is the same request. */
export interface RequestKey {
  key: string
  /** A fingerprint of what was asked, so that the same key cannot ask for something else. */
  request: string
}

export type Command =
  | { kind: 'borrow'; tool: string; user: string; session: string | null; requestKey: RequestKey | null }
  | { kind: 'return'; id: string }
  | { kind: 'renew'; id: string }
  | { kind: 'revoke'; id: string }
  | { kind: 'configure'; settings: SettingsChange; ifMatch: string | null }
  | { kind: 'sweep' }

/** New settings of one pool; what is left out stays as it was. */
export type SettingsChange = Omit<PoolSettings, 'leaseTtlSeconds' | 'spendCapCents'> &
  Partial<Pick<PoolSettings, 'leaseTtlSeconds' | 'spendCapCents'>>

/** The numbers that a refused borrower is told. */
export interface PoolNumbers {
  borrowed: number
  commit: number
  maxOverage: number
  total: number
}

export type BorrowAnswer =
  | { kind: 'granted'; borrow: Borrow; charge: Charge | null }
  | { kind: 'denied'; tool: string; reason: Refusal; pool: PoolNumbers }
  | { kind: 'unknown_tool'; tool: string }

export type BorrowOutcome = (BorrowAnswer & { replayed: boolean }) | { kind: 'key_reused' }
export type ReturnOutcome =
  | { kind: 'returned'; borrow: Borrow }
  | { kind: 'already_returned'; tool: string }
  | { kind: 'unknown_borrow' }
export type RenewOutcome =
  | { kind: 'renewed'; borrow: Borrow }
  | { kind: 'ended'; tool: string; reason: EndReason }
  | { kind: 'unknown_borrow' }
export type RevokeOutcome =
  | { kind: 'revoked'; borrow: Borrow }
  | { kind: 'ended'; tool: string; reason: EndReason }
  | { kind: 'unknown_borrow' }
export type ConfigureOutcome =
  | { kind: 'configured'; before: Pool; pool: Pool; etag: string }
  | { kind: 'unknown_tool' }
  | { kind: 'below_borrowed'; borrowed: number }
  | { kind: 'stale'; etag: string }
export type SweepOutcome = { kind: 'swept' }

export interface OutcomeOf {
  borrow: BorrowOutcome
  return: ReturnOutcome
  renew: RenewOutcome
  revoke: RevokeOutcome
  configure: ConfigureOutcome
  sweep: SweepOutcome
}
/** `fault`: the command broke a transaction of its own; its message is for the log. */
export type Outcome =
  | OutcomeOf[Command['kind']]
  | { kind: 'fault'; message: string; code: string | undefined }

export interface Page<T> {
  rows: T[]
  next: number | null
}

export interface Ledger {
  /**
   * Decides a command and makes the outcome durable.
   * @throws Failure `overloaded`, `stopping` or one of `storage_*`; then nothing was acknowledged
   */
  submit<C extends Command>(command: C): Promise<OutcomeOf[C['kind']]>
  /** Commands that wait for a decision. */
  readonly waiting: number
  /** All pools by tool. */
  pools(): Promise<Pool[]>
  pool(tool: string): Promise<Pool | undefined>
  /** Changes with every change of any pool's settings. */
  settingsRevision(): Promise<number>
  /** Open borrows, newest first. */
  openBorrows(page: {
    user?: string | undefined
    limit: number
    offset: number
  }): Promise<{ rows: Borrow[]; total: number }>
  /** Charges, newest first. @param page `before`: a row number handed out as `next` */
  charges(page: {
    tool?: string | undefined
    limit: number
    before?: number | undefined
  }): Promise<Page<{ charge: Charge; borrow: Pick<Borrow, 'id' | 'session' | 'endedAt'> }>>
  denials(page: {
    tool?: string | undefined
    limit: number
    before?: number | undefined
  }): Promise<Page<Denial>>
  /** @param span Unix ms, whole minutes */
  usage(tool: string, span: { from: number; to: number; stepMs: number }): Promise<UsageBucket[]>
  /** Decides what is waiting, then closes the store. */
  close(): Promise<void>
}
