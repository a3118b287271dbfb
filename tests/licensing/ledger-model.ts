/**
 * The rules of the ledger once more, as plainly as they can be said: lists that are counted, no
 * running sums, no files. Written against the rules, not against the code.
 */
import type { Command } from '../../src/licensing/ledger.ts'
import type { Pool } from '../../src/licensing/pool.ts'

interface ModelBorrow {
  tool: string
  user: string
  borrowedAt: number
  expiresAt: number | null
  isOverage: boolean
  cents: number | null
  ended: { at: number; reason: 'returned' | 'expired' | 'revoked' } | null
}

/** An outcome without ids: `borrow` is the place of the borrow in the list of all. */
export type ModelOutcome = { kind: string; borrow?: number; replayed?: boolean; reason?: string }

type Settings = Omit<Pool, 'borrowed' | 'overageCostCents' | 'spendMonth' | 'spendCents'>

/** What happens, with borrows named by their place in the list of all. */
export type ModelCommand =
  | { kind: 'borrow'; tool: string; user: string; key: string | null }
  | { kind: 'return' | 'renew' | 'revoke'; borrow: number }
  | Extract<Command, { kind: 'configure' | 'sweep' }>

const DAY_MS = 24 * 3600_000

export class LedgerModel {
  readonly borrows: ModelBorrow[] = []
  readonly denials: { tool: string; user: string; reason: string; at: number }[] = []
  readonly answers = new Map<string, { request: string; at: number; outcome: ModelOutcome }>()
  readonly settings: Map<string, Settings>
  private changes = 1
  now: number

  constructor(pools: readonly Pool[], now: number) {
    this.now = now
    this.settings = new Map(
      pools.map(({ borrowed, overageCostCents, spendMonth, spendCents, ...settings }) => [
        settings.tool,
        settings,
      ]),
    )
  }

  held = (tool: string) => this.borrows.filter(borrow => borrow.tool === tool && !borrow.ended).length

  charged = (tool: string, since = 0) =>
    this.borrows
      .filter(borrow => borrow.tool === tool && borrow.borrowedAt >= since)
      .reduce((sum, { cents }) => sum + (cents ?? 0), 0)

  /** Charged since the month began. */
  spent = (tool: string) => {
    const now = new Date(this.now)
    return this.charged(tool, Date.UTC(now.getUTCFullYear(), now.getUTCMonth()))
  }

  /** What a report of all time must count. */
  past(tool: string) {
    const borrows = this.borrows.filter(borrow => borrow.tool === tool)
    const ended = (reason: string) => borrows.filter(borrow => borrow.ended?.reason === reason).length
    const denied = (reason: string) =>
      this.denials.filter(row => row.tool === tool && row.reason === reason).length
    return {
      borrows: borrows.length,
      overageBorrows: borrows.filter(({ isOverage }) => isOverage).length,
      overageCents: this.charged(tool),
      returns: ended('returned'),
      expiries: ended('expired'),
      revocations: ended('revoked'),
      deniedExhausted: denied('exhausted'),
      deniedMaxOverage: denied('max_overage'),
      deniedSpendCap: denied('spend_cap'),
    }
  }

  /** Time has come this far: leases that are over end. */
  reach(at: number): void {
    this.now = at
    for (const borrow of this.borrows)
      if (!borrow.ended && borrow.expiresAt !== null && borrow.expiresAt <= at)
        borrow.ended = { at, reason: 'expired' }
  }

  decide(command: ModelCommand): ModelOutcome {
    switch (command.kind) {
      case 'borrow':
        return this.borrow(command)
      case 'configure':
        return this.configure(command)
      case 'sweep':
        for (const [key, { at }] of this.answers) if (at < this.now - DAY_MS) this.answers.delete(key)
        return { kind: 'swept' }
      default:
        return this.change(command.kind, command.borrow)
    }
  }

  private borrow({ tool, user, key }: Extract<ModelCommand, { kind: 'borrow' }>): ModelOutcome {
    const request = `${tool}/${user}`
    const known = key === null ? undefined : this.answers.get(key)
    if (known)
      return known.request === request ? { ...known.outcome, replayed: true } : { kind: 'key_reused' }
    const outcome = this.grant(tool, user)
    if (key !== null) this.answers.set(key, { request, at: this.now, outcome })
    return { ...outcome, replayed: false }
  }

  private grant(tool: string, user: string): ModelOutcome {
    const settings = this.settings.get(tool)
    const refuse = (reason: string) => {
      this.denials.push({ tool, user, reason, at: this.now })
      return settings ? { kind: 'denied', reason } : { kind: reason }
    }
    if (!settings) return refuse('unknown_tool')
    const held = this.held(tool)
    if (held >= settings.total) return refuse('exhausted')
    const isOverage = held >= settings.commit
    if (isOverage && held >= settings.commit + settings.maxOverage) return refuse('max_overage')
    const cents = isOverage ? settings.overagePriceCents : null
    const { spendCapCents, leaseTtlSeconds } = settings
    if (cents !== null && spendCapCents !== null && this.spent(tool) + cents > spendCapCents)
      return refuse('spend_cap')
    const expiresAt = leaseTtlSeconds === 0 ? null : this.now + leaseTtlSeconds * 1000
    this.borrows.push({ tool, user, borrowedAt: this.now, expiresAt, isOverage, cents, ended: null })
    return { kind: 'granted', borrow: this.borrows.length - 1 }
  }

  private change(kind: 'return' | 'renew' | 'revoke', index: number): ModelOutcome {
    const borrow = this.borrows[index]
    if (!borrow) return { kind: 'unknown_borrow' }
    if (borrow.ended)
      return kind === 'return' ? { kind: 'already_returned' } : { kind: 'ended', reason: borrow.ended.reason }
    if (kind === 'renew') {
      const leaseMs = (this.settings.get(borrow.tool)?.leaseTtlSeconds ?? 0) * 1000
      borrow.expiresAt = leaseMs === 0 ? null : this.now + leaseMs
      return { kind: 'renewed', borrow: index }
    }
    borrow.ended = { at: this.now, reason: kind === 'return' ? 'returned' : 'revoked' }
    return { kind: borrow.ended.reason, borrow: index }
  }

  private configure({ settings, ifMatch }: Extract<ModelCommand, { kind: 'configure' }>): ModelOutcome {
    const now = this.settings.get(settings.tool)
    if (!now) return { kind: 'unknown_tool' }
    const names = [`"${now.tool}-${now.revision}"`, `"budget-${this.changes}"`]
    if (ifMatch !== null && !names.includes(ifMatch)) return { kind: 'stale' }
    if (settings.total < this.held(settings.tool)) return { kind: 'below_borrowed' }
    this.settings.set(now.tool, { ...now, ...settings, revision: now.revision + 1 })
    this.changes++
    return { kind: 'configured' }
  }
}
