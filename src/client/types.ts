/**
 * What the server says, as a client reads it: the same fields as in `/docs`, written out here so that the package's
 * declarations need nothing else. Prices are decimal currency units, times RFC 3339 UTC.
 */

/** Why no seat was granted. */
export type DenialReason = 'exhausted' | 'max_overage' | 'spend_cap' | 'unknown_tool'

/** One pool of seats, as it stands. */
export interface PoolStatus {
  tool: string
  total: number
  borrowed: number
  /** total − borrowed. */
  available: number
  commit: number
  max_overage: number
  /** Seats held above the commit. */
  overage: number
  in_commit: boolean
  commit_price: number
  overage_price_per_license: number
  /** The sum of all charges written so far. */
  current_overage_cost: number
  total_cost: number
  /** min(total, commit + max_overage). */
  cap: number
  /** Seats that a borrow can still be granted. */
  free: number
  /** How long a borrow lasts; 0: until it is returned. */
  lease_ttl_seconds: number
  /** Overage budget for a UTC month; null: none. */
  spend_cap: number | null
  month_overage_cost: number
  currency: string
}

/** One seat that somebody holds. */
export interface OpenBorrow {
  /** Only for the browser session that borrowed, and for the presenter. */
  id?: string | undefined
  tool: string
  user: string
  borrowed_at: string
  /** When the seat comes back by itself; null: never. */
  expires_at: string | null
  is_overage: boolean
  /** Whether this browser session made the borrow. */
  mine: boolean
}

/** The whole state of all pools at one moment. */
export interface PoolsFrame {
  pools: PoolStatus[]
  borrows: Omit<OpenBorrow, 'id' | 'mine'>[]
  open_borrows: number
  at: string
}

/** The answer to a borrow. */
export interface BorrowReply {
  id: string
  tool: string
  user: string
  borrowed_at: string
  expires_at: string | null
  is_overage: boolean
  overage_charge: number
}

/** The answer to a return. */
export interface ReturnReply {
  status: 'ok' | 'already_returned'
  tool: string
}

/** The answer to a renewal. */
export interface RenewReply {
  status: 'ok'
  tool: string
  expires_at: string | null
}
