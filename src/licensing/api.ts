/**
 * The license server on the wire: the schemas that validate requests, describe the OpenAPI document
 * and type the browser's code. Prices are decimal currency units, times RFC 3339 UTC.
 */
import { z } from 'zod'
import { isWholeCents } from '../shared/money.ts'

const TEXT_MAX = 128
const SEATS_MAX = 1_000_000
const PRICE_MAX = 10_000_000
const LEASE_MAX_SECONDS = 366 * 24 * 3600

const isPlainText = (text: string) => text.trim() !== '' && text.isWellFormed() && !/\p{Cc}/u.test(text)

const text = (max: number) =>
  z.string().min(1).max(max).refine(isPlainText, 'must be visible text without control characters')

const seats = z.int().min(0).max(SEATS_MAX)
const price = z.number().min(0).max(PRICE_MAX).refine(isWholeCents, 'must have at most two decimals')
const time = z.iso.datetime()
const count = z.int().min(0)

export const borrowRequest = z.object({
  tool: text(TEXT_MAX).meta({ description: 'The tool to borrow', example: 'cad_tool' }),
  user: text(TEXT_MAX).meta({ description: 'Who borrows', example: 'alice' }),
})

export const borrowIdRequest = z.object({
  id: z.string().min(1).max(TEXT_MAX).meta({ description: 'The id that the borrow was answered with' }),
})

export const borrowReply = z.object({
  id: z.uuid(),
  tool: z.string(),
  user: z.string(),
  borrowed_at: time,
  expires_at: time.nullable().meta({ description: 'When the seat comes back by itself; null: never' }),
  is_overage: z.boolean(),
  overage_charge: z.number().meta({ description: 'What this borrow cost, 0 within the commit' }),
})

export const returnReply = z.object({
  status: z.enum(['ok', 'already_returned']),
  tool: z.string(),
})

export const renewReply = z.object({
  status: z.literal('ok'),
  tool: z.string(),
  expires_at: time.nullable(),
})

export const poolStatus = z.object({
  tool: z.string(),
  total: seats,
  borrowed: count,
  available: count.meta({ description: 'total − borrowed' }),
  commit: seats,
  max_overage: seats,
  overage: count.meta({ description: 'Seats held above the commit' }),
  in_commit: z.boolean(),
  commit_price: price,
  overage_price_per_license: price,
  current_overage_cost: z.number().meta({ description: 'The sum of all charges written so far' }),
  total_cost: z.number(),
  cap: count.meta({ description: 'min(total, commit + max_overage)' }),
  free: count.meta({ description: 'Seats that a borrow can still be granted' }),
  lease_ttl_seconds: count.meta({ description: 'How long a borrow lasts; 0: until it is returned' }),
  spend_cap: price.nullable().meta({ description: 'Overage budget per UTC month; null: none' }),
  month_overage_cost: z.number().meta({ description: 'Overage charged in this UTC month' }),
  currency: z.string(),
})

export const borrowsQuery = z.object({
  user: z.string().max(TEXT_MAX).optional().meta({ description: 'Only the borrows of this user' }),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
  offset: z.coerce.number().int().min(0).max(SEATS_MAX).default(0),
})

export const openBorrow = z.object({
  id: z.uuid().optional().meta({ description: 'Only for the session that borrowed, and the presenter' }),
  tool: z.string(),
  user: z.string(),
  borrowed_at: time,
  expires_at: time.nullable(),
  is_overage: z.boolean(),
  mine: z.boolean().meta({ description: 'Whether this session made the borrow' }),
})

export const chargesQuery = z.object({
  tool: z.string().max(TEXT_MAX).optional(),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
  before: z.coerce.number().int().min(1).optional().meta({ description: 'The `next` of the page before' }),
})

export const chargesReply = z.object({
  charges: z.array(
    z.object({
      id: z.uuid(),
      tool: z.string(),
      borrow_id: z.uuid().nullable().meta({ description: 'null: an open borrow of another browser session' }),
      user: z.string(),
      charged_at: time,
      amount: z.number(),
    }),
  ),
  next: z.int().nullable().meta({ description: 'Hand it back as `before` for the next page; null: no more' }),
})

const settings = z.object({
  tool: z.string().min(1).max(TEXT_MAX),
  total: seats.min(1),
  commit: seats,
  max_overage: seats,
  commit_price: price,
  overage_price_per_license: price,
})

const extraSettings = z.object({
  lease_ttl_seconds: z.int().min(0).max(LEASE_MAX_SECONDS),
  spend_cap: price.nullable(),
})

export const budgetRequest = settings.extend(extraSettings.partial().shape)

export const budgetReply = z.object({
  tools: z.array(
    settings.extend(extraSettings.shape).extend({ borrowed: count, cap: count, etag: z.string() }),
  ),
})

export const budgetChangedReply = z.object({
  status: z.literal('ok'),
  tool: z.string(),
  warnings: z.array(z.string()).meta({ description: 'What the new settings make impossible' }),
})

export const denialReasons = ['exhausted', 'max_overage', 'unknown_tool', 'spend_cap'] as const
export const endReasons = ['returned', 'expired', 'revoked'] as const

export const denialsQuery = z.object({
  tool: z.string().max(TEXT_MAX).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  before: z.coerce.number().int().min(1).optional(),
})

export const denialsReply = z.object({
  denials: z.array(
    z.object({ tool: z.string(), user: z.string(), reason: z.enum(denialReasons), denied_at: time }),
  ),
  next: z.int().nullable(),
})

export const historyQuery = z.object({
  from: time.optional().meta({ description: 'Start, whole minutes; default 24 steps before `to`' }),
  to: time.optional().meta({ description: 'End, exclusive; default now' }),
  step: z.coerce
    .number()
    .int()
    .min(60)
    .max(86_400)
    .multipleOf(60)
    .default(3600)
    .meta({ description: 'Seconds' }),
})

export const historyReply = z.object({
  tool: z.string(),
  buckets: z.array(
    z.object({
      from: time,
      to: time,
      utilisation: z.number().nullable().meta({ description: 'Mean share of the cap held; null: no record' }),
      mean_borrowed: z.number().nullable(),
      peak_borrowed: count.nullable(),
      borrows: count,
      overage_borrows: count,
      returns: count,
      expiries: count,
      revocations: count,
      denials: z.object({ exhausted: count, max_overage: count, spend_cap: count }),
      overage_cost: z.number(),
    }),
  ),
})

/** One frame of the `pools` topic: what every page draws. */
export interface PoolsFrame {
  pools: PoolStatus[]
  borrows: PublicBorrow[]
  open_borrows: number
  at: string
}

/** One frame of the `activity` topic: rates and percentiles of the last minute, from this process. */
export interface ActivityFrame {
  at: string
  window_seconds: number
  borrows_per_second: number
  returns_per_second: number
  denials_per_second: number
  latency_ms: { p50: number; p95: number; p99: number } | null
  denials: Record<DenialReason, number>
  series: { at: string; borrows: number; returns: number; denials: number; p95_ms: number | null }[]
  recent: { at: string; event: string; tool: string; user: string; detail: string }[]
}

export type BorrowReply = z.infer<typeof borrowReply>
export type ReturnReply = z.infer<typeof returnReply>
export type RenewReply = z.infer<typeof renewReply>
export type PoolStatus = z.infer<typeof poolStatus>
export type OpenBorrow = z.infer<typeof openBorrow>
export type PublicBorrow = Omit<OpenBorrow, 'id' | 'mine'>
export type ChargesReply = z.infer<typeof chargesReply>
export type BudgetReply = z.infer<typeof budgetReply>
export type BudgetRequest = z.infer<typeof budgetRequest>
export type BudgetChangedReply = z.infer<typeof budgetChangedReply>
export type DenialReason = (typeof denialReasons)[number]
export type EndReason = (typeof endReasons)[number]
export type HistoryReply = z.infer<typeof historyReply>
export type DenialsReply = z.infer<typeof denialsReply>
