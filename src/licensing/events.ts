/** One function for each thing that happens here: its log line, its metrics and the live view together. */
import type { Log } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics.ts'
import { rfc3339 } from '../shared/clock.ts'
import { fromCents } from '../shared/money.ts'
import type { DenialReason } from './api.ts'
import type { Borrow, Charge, Ledger } from './ledger.ts'
import type { LiveView } from './live-view.ts'
import { licensingMetrics, UNKNOWN_TOOL } from './metrics.ts'
import { overageOf, type Pool } from './pool.ts'

/** Which request caused it, for its log lines. */
export interface Cause {
  request_id?: string
  trace_id?: string | undefined
}

export interface LicensingEvents {
  borrowed(borrow: Borrow, charge: Charge | null, durationMs: number, cause: Cause): void
  denied(denial: { tool: string; user: string; reason: DenialReason }, durationMs: number, cause: Cause): void
  borrowFailed(tool: string, durationMs: number): void
  returned(borrow: Borrow, cause: Cause): void
  renewed(borrow: Borrow, cause: Cause): void
  revoked(borrow: Borrow, cause: Cause): void
  expired(borrow: Borrow): void
  budgetUpdated(before: Pool, after: Pool, cause: Cause): void
}

const perToolCounters = [
  'license_borrow_attempts_total',
  'license_borrow_success_total',
  'license_returns_total',
  'license_renewals_total',
  'license_expiries_total',
  'license_revocations_total',
  'license_overage_charges_total',
  'license_overage_charged_currency_total',
] as const
const refusals = ['exhausted', 'max_overage', 'spend_cap', 'error']

interface Parts {
  log: Log
  metrics: Metrics
  live: LiveView
  ledger: () => Ledger
}

export function createLicensingEvents({ log, metrics, live, ledger }: Parts): LicensingEvents {
  const m = metrics.register(licensingMetrics)
  const known = new Set<string>()
  const label = (tool: string) => (known.has(tool) ? tool : UNKNOWN_TOOL)

  /** A counter that starts at 0 shows its first increase; one that appears with a 1 hides it. */
  function meet(tool: string) {
    if (known.has(tool)) return
    known.add(tool)
    for (const counter of perToolCounters) m[counter].inc({ tool }, 0)
    for (const reason of refusals) m.license_borrow_failure_total.inc({ tool, reason }, 0)
  }

  metrics.beforeScrape(async () => {
    m.license_borrow_failure_total.inc({ tool: UNKNOWN_TOOL, reason: 'unknown_tool' }, 0)
    for (const pool of await ledger().pools()) {
      const { tool } = pool
      meet(tool)
      m.licenses_borrowed.set({ tool }, pool.borrowed)
      m.licenses_total.set({ tool }, pool.total)
      m.licenses_commit.set({ tool }, pool.commit)
      m.licenses_overage.set({ tool }, overageOf(pool))
      m.licenses_max_overage.set({ tool }, pool.maxOverage)
      m.license_overage_cost_currency.set({ tool }, fromCents(pool.overageCostCents))
    }
    m.license_commands_waiting.set({}, ledger().waiting)
  })

  function attempted(tool: string, durationMs: number) {
    m.license_borrow_attempts_total.inc({ tool })
    m.license_borrow_duration_seconds.observe({ tool }, durationMs / 1000)
    live.observe(durationMs)
  }

  return {
    borrowed({ id, tool, user, isOverage }, charge, durationMs, cause) {
      meet(tool)
      attempted(tool, durationMs)
      m.license_borrow_success_total.inc({ tool })
      live.record('borrow', { tool, user, detail: isOverage ? 'overage' : 'commit' })
      log.info('borrow_license', 'license borrowed', {
        ...cause,
        tool,
        user,
        borrow_id: id,
        is_overage: isOverage,
        duration_ms: rounded(durationMs),
      })
      if (!charge) return
      const amount = fromCents(charge.amountCents)
      m.license_overage_charges_total.inc({ tool })
      m.license_overage_charged_currency_total.inc({ tool }, amount)
      log.info('overage_charged', 'overage charged', {
        ...cause,
        tool,
        user,
        borrow_id: id,
        charge_id: charge.id,
        amount,
      })
    },
    denied({ tool, user, reason }, durationMs, cause) {
      if (reason !== 'unknown_tool') meet(tool)
      attempted(label(tool), durationMs)
      m.license_borrow_failure_total.inc({ tool: label(tool), reason })
      live.record(reason, { tool, user, detail: reason })
      log.warn('borrow_denied', 'borrow denied', {
        ...cause,
        tool,
        user,
        reason,
        duration_ms: rounded(durationMs),
      })
    },
    borrowFailed(tool, durationMs) {
      attempted(label(tool), durationMs)
      m.license_borrow_failure_total.inc({ tool: label(tool), reason: 'error' })
    },
    returned({ id, tool, user, borrowedAt, endedAt }, cause) {
      m.license_returns_total.inc({ tool })
      live.record('return', { tool, user, detail: 'returned' })
      log.info('return_license', 'license returned', {
        ...cause,
        tool,
        user,
        borrow_id: id,
        held_seconds: heldSeconds(borrowedAt, endedAt),
      })
    },
    renewed({ id, tool, user, expiresAt }, cause) {
      m.license_renewals_total.inc({ tool })
      live.record('renewal', { tool, user, detail: 'renewed' })
      const expires_at = expiresAt === null ? null : rfc3339(expiresAt)
      log.info('license_renewed', 'lease renewed', { ...cause, tool, user, borrow_id: id, expires_at })
    },
    revoked({ id, tool, user, borrowedAt, endedAt }, cause) {
      m.license_revocations_total.inc({ tool })
      live.record('revocation', { tool, user, detail: 'revoked' })
      log.warn('license_revoked', 'license revoked', {
        ...cause,
        tool,
        user,
        borrow_id: id,
        held_seconds: heldSeconds(borrowedAt, endedAt),
      })
    },
    expired({ id, tool, user, borrowedAt, endedAt }) {
      m.license_expiries_total.inc({ tool })
      live.record('expiry', { tool, user, detail: 'expired' })
      log.info('license_expired', 'lease ran out', {
        tool,
        user,
        borrow_id: id,
        held_seconds: heldSeconds(borrowedAt, endedAt),
      })
    },
    budgetUpdated(before, after, cause) {
      live.record('budget', { tool: after.tool, user: 'presenter', detail: 'budget changed' })
      log.info('budget_updated', 'budget updated', {
        ...cause,
        tool: after.tool,
        ...settingsFields(after, ''),
        ...settingsFields(before, '_before'),
      })
    },
  }
}

const rounded = (ms: number) => Math.round(ms * 1000) / 1000
const heldSeconds = (from: number, to: number | null) => (to === null ? null : Math.round((to - from) / 1000))

const settingsFields = (pool: Pool, suffix: string) => ({
  [`total${suffix}`]: pool.total,
  [`commit_seats${suffix}`]: pool.commit,
  [`max_overage${suffix}`]: pool.maxOverage,
  [`commit_price${suffix}`]: fromCents(pool.commitPriceCents),
  [`overage_price_per_license${suffix}`]: fromCents(pool.overagePriceCents),
  [`lease_ttl_seconds${suffix}`]: pool.leaseTtlSeconds,
  [`spend_cap${suffix}`]: pool.spendCapCents === null ? null : fromCents(pool.spendCapCents),
})
