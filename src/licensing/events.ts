/** One function for each thing that happens here: its log line, its metrics and the live view together. */
import type { Log } from '../observability/logger.ts'
import type { BoundCounter, Metrics } from '../observability/metrics.ts'
import { rfc3339 } from '../shared/clock.ts'
import { fromCents } from '../shared/money.ts'
import type { DenialReason, EndReason } from './api.ts'
import type { Borrow, Charge, Ledger } from './ledger.ts'
import type { LiveView } from './live-view.ts'
import { licensingMetrics, UNKNOWN_TOOL } from './metrics.ts'
import { freeOf, overageOf, type Pool } from './pool.ts'

/** Which request caused it, for its log lines. */
export interface Cause {
  requestId: string
  traceId: string | undefined
}

/** A borrow that was granted, or denied, which is an answer too, or that failed. */
export interface DecidedBorrow {
  user: string
  failed: boolean
  durationMs: number
  requestId: string
}

export interface LicensingEvents {
  borrowed(borrow: Borrow, charge: Charge | null, durationMs: number, cause: Cause): void
  denied(denial: { tool: string; user: string; reason: DenialReason }, durationMs: number, cause: Cause): void
  /** @param asked the tool as it was asked for; the store is asked whether there is such a pool */
  borrowFailed(asked: { tool: string; user: string }, durationMs: number, cause: Cause): Promise<void>
  returned(borrow: Borrow, cause: Cause): void
  renewed(borrow: Borrow, cause: Cause): void
  revoked(borrow: Borrow, cause: Cause): void
  expired(borrow: Borrow): void
  budgetUpdated(before: Pool, after: Pool, cause: Cause): void
}

/** The counters that have one series a pool. */
const toolCounters = {
  attempts: 'license_borrow_attempts_total',
  successes: 'license_borrow_success_total',
  overages: 'license_overage_borrows_total',
  returns: 'license_returns_total',
  renewals: 'license_renewals_total',
  expiries: 'license_expiries_total',
  revocations: 'license_revocations_total',
  charges: 'license_overage_charges_total',
  charged: 'license_overage_charged_currency_total',
} as const
type CounterName = (typeof toolCounters)[keyof typeof toolCounters]
type ToolCounters = Record<keyof typeof toolCounters, BoundCounter>

/** How a borrow can end, in the log, the counters and the live view. */
const endings = {
  returned: {
    event: 'return_license',
    message: 'license returned',
    level: 'info',
    counter: 'returns',
    shown: 'return',
  },
  expired: {
    event: 'license_expired',
    message: 'lease ran out',
    level: 'info',
    counter: 'expiries',
    shown: 'expiry',
  },
  revoked: {
    event: 'license_revoked',
    message: 'license revoked',
    level: 'warn',
    counter: 'revocations',
    shown: 'revocation',
  },
} as const satisfies Record<EndReason, object>
type Ending = (typeof endings)[EndReason]

const refusals = ['exhausted', 'max_overage', 'spend_cap', 'error']

interface Parts {
  log: Log
  metrics: Metrics
  live: LiveView
  ledger: () => Ledger
  onDecided?: ((decided: DecidedBorrow) => void) | undefined
}

export function createLicensingEvents({ log, metrics, live, ledger, onDecided }: Parts): LicensingEvents {
  const m = metrics.register(licensingMetrics)
  const tools = new Map<string, ToolCounters>()

  /** The counters of a pool. One that starts at 0 shows its first increase; one that appears with a 1 hides it. */
  function countersOf(tool: string): ToolCounters {
    let counters = tools.get(tool)
    if (!counters) {
      const bind = ([key, name]: [string, CounterName]) => [key, m[name].bind({ tool })]
      counters = Object.fromEntries(
        Object.entries(toolCounters).map(entry => bind(entry as never)),
      ) as ToolCounters
      tools.set(tool, counters)
      m.license_borrow_duration_seconds.zero({ tool })
      for (const reason of refusals) m.license_borrow_failure_total.inc({ tool, reason }, 0)
    }
    return counters
  }

  metrics.beforeScrape(async () => {
    m.license_borrow_failure_total.inc({ tool: UNKNOWN_TOOL, reason: 'unknown_tool' }, 0)
    for (const pool of await ledger().pools()) {
      const { tool } = pool
      countersOf(tool)
      m.licenses_borrowed.set({ tool }, pool.borrowed)
      m.licenses_free.set({ tool }, freeOf(pool))
      m.licenses_total.set({ tool }, pool.total)
      m.licenses_commit.set({ tool }, pool.commit)
      m.licenses_overage.set({ tool }, overageOf(pool))
      m.licenses_max_overage.set({ tool }, pool.maxOverage)
      m.license_overage_cost_currency.set({ tool }, fromCents(pool.overageCostCents))
    }
    m.license_commands_waiting.set({}, ledger().waiting)
  })

  /** The label of a tool that may be nobody's. */
  const label = (tool: string) => (tools.has(tool) ? tool : UNKNOWN_TOOL)

  function attempted(tool: string, durationMs: number, { requestId, traceId }: Cause) {
    countersOf(tool).attempts.inc()
    const exemplar =
      traceId === undefined ? { request_id: requestId } : { trace_id: traceId, request_id: requestId }
    m.license_borrow_duration_seconds.observe({ tool }, durationMs / 1000, exemplar)
    live.observe(durationMs)
  }

  function ended({ id, tool, user, borrowedAt, endedAt }: Borrow, ending: Ending, cause?: Cause) {
    countersOf(tool)[ending.counter].inc()
    live.record(ending.shown, { tool, user, detail: ending.message })
    log[ending.level](ending.event, ending.message, {
      request_id: cause?.requestId,
      trace_id: cause?.traceId,
      tool,
      user,
      borrow_id: id,
      held_seconds: endedAt === null ? null : Math.round((endedAt - borrowedAt) / 1000),
    })
  }

  return {
    borrowed({ id, tool, user, isOverage }, charge, durationMs, cause) {
      onDecided?.({ user, failed: false, durationMs, requestId: cause.requestId })
      attempted(tool, durationMs, cause)
      countersOf(tool).successes.inc()
      if (isOverage) countersOf(tool).overages.inc()
      live.record('borrow', { tool, user, detail: isOverage ? 'overage' : 'commit' })
      log.info('borrow_license', 'license borrowed', {
        request_id: cause.requestId,
        trace_id: cause.traceId,
        tool,
        user,
        borrow_id: id,
        is_overage: isOverage,
        duration_ms: rounded(durationMs),
      })
      if (!charge) return
      const amount = fromCents(charge.amountCents)
      countersOf(tool).charges.inc()
      countersOf(tool).charged.inc(amount)
      log.info('overage_charged', 'overage charged', {
        request_id: cause.requestId,
        trace_id: cause.traceId,
        tool,
        user,
        borrow_id: id,
        charge_id: charge.id,
        amount,
      })
    },
    denied({ tool, user, reason }, durationMs, cause) {
      onDecided?.({ user, failed: false, durationMs, requestId: cause.requestId })
      if (reason !== 'unknown_tool') countersOf(tool)
      attempted(label(tool), durationMs, cause)
      m.license_borrow_failure_total.inc({ tool: label(tool), reason })
      live.record(reason, { tool, user, detail: reason })
      log.warn('borrow_denied', 'borrow denied', {
        request_id: cause.requestId,
        trace_id: cause.traceId,
        tool,
        user,
        reason,
        duration_ms: rounded(durationMs),
      })
    },
    async borrowFailed({ tool, user }, durationMs, cause) {
      onDecided?.({ user, failed: true, durationMs, requestId: cause.requestId })
      if (
        !tools.has(tool) &&
        (await ledger()
          .pool(tool)
          .catch(() => undefined))
      )
        countersOf(tool)
      attempted(label(tool), durationMs, cause)
      m.license_borrow_failure_total.inc({ tool: label(tool), reason: 'error' })
    },
    returned: (borrow, cause) => ended(borrow, endings.returned, cause),
    renewed({ id, tool, user, expiresAt }, cause) {
      countersOf(tool).renewals.inc()
      live.record('renewal', { tool, user, detail: 'renewed' })
      const expires_at = expiresAt === null ? null : rfc3339(expiresAt)
      log.info('license_renewed', 'lease renewed', {
        request_id: cause.requestId,
        trace_id: cause.traceId,
        tool,
        user,
        borrow_id: id,
        expires_at,
      })
    },
    revoked: (borrow, cause) => ended(borrow, endings.revoked, cause),
    expired: borrow => ended(borrow, endings.expired),
    budgetUpdated(before, after, cause) {
      live.record('budget', { tool: after.tool, user: 'presenter', detail: 'budget changed' })
      log.info('budget_updated', 'budget updated', {
        request_id: cause.requestId,
        trace_id: cause.traceId,
        tool: after.tool,
        ...settingsFields(after, ''),
        ...settingsFields(before, '_before'),
      })
    },
  }
}

const rounded = (ms: number) => Math.round(ms * 1000) / 1000

const settingsFields = (pool: Pool, suffix: string) => ({
  [`total${suffix}`]: pool.total,
  [`commit_seats${suffix}`]: pool.commit,
  [`max_overage${suffix}`]: pool.maxOverage,
  [`commit_price${suffix}`]: fromCents(pool.commitPriceCents),
  [`overage_price_per_license${suffix}`]: fromCents(pool.overagePriceCents),
  [`lease_ttl_seconds${suffix}`]: pool.leaseTtlSeconds,
  [`spend_cap${suffix}`]: pool.spendCapCents === null ? null : fromCents(pool.spendCapCents),
})
