import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { DenialReason, EndReason } from './api.ts'

/** Times are Unix ms, prices integer cents. Nothing here is ever deleted but old request keys. */
export const pools = sqliteTable('pools', {
  tool: text().primaryKey(),
  total: integer().notNull(),
  commit: integer('commit_seats').notNull(),
  maxOverage: integer('max_overage').notNull(),
  commitPriceCents: integer('commit_price_cents').notNull(),
  overagePriceCents: integer('overage_price_cents').notNull(),
  leaseTtlSeconds: integer('lease_ttl_seconds').notNull(),
  spendCapCents: integer('spend_cap_cents'),
  borrowed: integer().notNull(),
  overageCostCents: integer('overage_cost_cents').notNull(),
  spendMonth: text('spend_month').notNull(),
  spendCents: integer('spend_cents').notNull(),
  revision: integer().notNull(),
})

/** Rows order by time and the id leads to its row: one tree, growing at its end. The indexes hold open borrows only. */
export const borrows = sqliteTable(
  'borrows',
  {
    row: integer().primaryKey(),
    id: text().notNull(),
    tool: text().notNull(),
    user: text().notNull(),
    session: text(),
    borrowedAt: integer('borrowed_at').notNull(),
    expiresAt: integer('expires_at'),
    isOverage: integer('is_overage', { mode: 'boolean' }).notNull(),
    endedAt: integer('ended_at'),
    endReason: text('end_reason').$type<EndReason>(),
  },
  table => [index('borrows_open').on(table.row), index('borrows_due').on(table.expiresAt)],
)

export const charges = sqliteTable(
  'charges',
  {
    row: integer().primaryKey(),
    id: text().notNull(),
    tool: text().notNull(),
    borrowRow: integer('borrow_row').notNull(),
    user: text().notNull(),
    chargedAt: integer('charged_at').notNull(),
    amountCents: integer('amount_cents').notNull(),
  },
  table => [index('charges_by_tool').on(table.tool)],
)

export const denials = sqliteTable(
  'denials',
  {
    row: integer().primaryKey(),
    tool: text().notNull(),
    user: text().notNull(),
    reason: text().$type<DenialReason>().notNull(),
    deniedAt: integer('denied_at').notNull(),
  },
  table => [index('denials_by_tool').on(table.tool)],
)

export const requestKeys = sqliteTable(
  'request_keys',
  {
    key: text().primaryKey(),
    request: text().notNull(),
    answer: text().notNull(),
    storedAt: integer('stored_at').notNull(),
  },
  table => [index('request_keys_by_age').on(table.storedAt)],
)

export const usageMinutes = sqliteTable(
  'usage_minutes',
  {
    tool: text().notNull(),
    minute: integer().notNull(),
    cap: integer().notNull(),
    closing: integer().notNull(),
    peak: integer().notNull(),
    seatMs: integer('seat_ms').notNull(),
    changedAt: integer('changed_at').notNull(),
    borrows: integer().notNull(),
    overageBorrows: integer('overage_borrows').notNull(),
    returns: integer().notNull(),
    expiries: integer().notNull(),
    revocations: integer().notNull(),
    deniedExhausted: integer('denied_exhausted').notNull(),
    deniedMaxOverage: integer('denied_max_overage').notNull(),
    deniedSpendCap: integer('denied_spend_cap').notNull(),
    overageCents: integer('overage_cents').notNull(),
  },
  table => [primaryKey({ columns: [table.tool, table.minute] })],
)

/** One row: the time of the newest transaction and the count of settings changes. */
export const ledgerState = sqliteTable('ledger_state', {
  one: integer().primaryKey(),
  lastAt: integer('last_at').notNull(),
  settingsRevision: integer('settings_revision').notNull(),
})
