/** What the clients of a soak were promised: every answer they got, every question that was not answered. Nothing is forgotten. */

export interface Grant {
  id: string
  tool: string
  /** null: it was no overage. */
  cents: number | null
  /** Unix ms; null: it has no lease. */
  expiresAt: number | null
  /** What the server said of its end; null: nothing. */
  ending: 'returned' | 'revoked' | null
}

/** A borrow as the database has it, under the key that its user is named by. */
export interface BorrowRow {
  key: string
  id: string
  tool: string
  cents: number | null
  expiresAt: number | null
  endReason: string | null
}

export interface GrantedAnswer {
  id: string
  tool: string
  is_overage: boolean
  overage_charge: number
  expires_at: string | null
}

export interface Book {
  readonly grants: ReadonlyMap<string, Readonly<Grant>>
  /** Keys that were asked for and neither granted nor denied. */
  readonly inDoubt: ReadonlySet<string>
  readonly denials: number
  asked(key: string): void
  granted(key: string, answer: GrantedAnswer): void
  denied(key: string): void
  renewed(key: string, expiresAt: string | null): void
  ended(key: string, ending: 'returned' | 'revoked'): void
  /** Promises that these rows do not keep; they must be read after this book. Empty: all are kept. */
  broken(rows: readonly BorrowRow[]): string[]
}

const timeOf = (text: string | null) => (text === null ? null : Date.parse(text))

export function createBook(): Book {
  const grants = new Map<string, Grant>()
  const inDoubt = new Set<string>()
  const denied = new Set<string>()
  /** Answers that contradict earlier ones. */
  const contradictions: string[] = []

  return {
    grants,
    inDoubt,
    get denials() {
      return denied.size
    },
    asked(key) {
      if (!grants.has(key) && !denied.has(key)) inDoubt.add(key)
    },
    granted(key, { id, tool, is_overage, overage_charge, expires_at }) {
      inDoubt.delete(key)
      const known = grants.get(key)
      if (known && known.id !== id) contradictions.push(`${key} was granted as ${known.id} and as ${id}`)
      if (denied.has(key)) contradictions.push(`${key} was denied, and then granted as ${id}`)
      if (known) return
      const cents = is_overage ? Math.round(overage_charge * 100) : null
      grants.set(key, { id, tool, cents, expiresAt: timeOf(expires_at), ending: null })
    },
    denied(key) {
      inDoubt.delete(key)
      denied.add(key)
      if (grants.has(key)) contradictions.push(`${key} was granted, and then denied`)
    },
    renewed(key, expiresAt) {
      const grant = grants.get(key)
      if (grant) grant.expiresAt = timeOf(expiresAt)
    },
    ended(key, ending) {
      const grant = grants.get(key)
      if (grant) grant.ending = ending
    },
    broken(rows) {
      const found = new Map<string, BorrowRow>()
      const broken = [...contradictions]
      for (const row of rows) {
        const other = found.get(row.key)
        if (other) broken.push(`${row.key} has two borrows: ${other.id} and ${row.id}`)
        found.set(row.key, row)
        if (denied.has(row.key)) broken.push(`${row.key} was denied and has the borrow ${row.id}`)
        else if (!grants.has(row.key) && !inDoubt.has(row.key))
          broken.push(`${row.key} has the borrow ${row.id} and nobody asked for it`)
      }
      for (const [key, grant] of grants)
        broken.push(...breaches(grant, found.get(key)).map(text => `${key} (${grant.id}) ${text}`))
      return broken
    },
  }
}

function breaches(grant: Grant, row: BorrowRow | undefined): string[] {
  if (!row) return ['was granted and is gone']
  const { id, tool, cents, expiresAt, ending } = grant
  const found = []
  if (row.id !== id || row.tool !== tool) found.push(`is kept as ${row.id} of ${row.tool}`)
  if (row.cents !== cents) found.push(`was charged ${cents}, kept is ${row.cents}`)
  if (ending !== null && row.endReason !== ending) found.push(`was ${ending}, kept is ${row.endReason}`)
  // Leases are one length while a soak runs, so a later renewal never ends sooner.
  if (row.endReason === null && (row.expiresAt ?? Number.POSITIVE_INFINITY) < (expiresAt ?? 0))
    found.push(`has a lease until ${expiresAt}, kept is ${row.expiresAt}`)
  return found
}
